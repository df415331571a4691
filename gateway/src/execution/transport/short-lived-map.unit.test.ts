import { ShortLivedMap } from './short-lived-map.ts';

test('it is a Map, also while it renews itself thousands of times', () => {
  const [map, expected] = [new ShortLivedMap<number, string>(), new Map<number, string>()];
  for (let n = 0; n < 5_000; n += 1) {
    map.set(n, `value ${n}`);
    expected.set(n, `value ${n}`);
    if (n >= 40) {
      map.delete(n - 40 + (n % 7));
      expected.delete(n - 40 + (n % 7));
    }
    if (n % 97 !== 0) continue;
    expect([...map.values()]).toEqual([...expected.values()]);
    expect(map.size).toBe(expected.size);
    expect([map.get(n), map.get(n - 1_000), map.get(-1)]).toEqual([
      expected.get(n),
      expected.get(n - 1_000),
      undefined,
    ]);
  }
});

test('entries may be deleted while they are read', () => {
  const map = new ShortLivedMap<number, number>();
  for (let n = 0; n < 600; n += 1) map.set(n, n);
  const seen: number[] = [];
  for (const n of map.values()) {
    seen.push(n);
    map.delete(n);
  }
  expect(seen).toHaveLength(600);
  expect(map.size).toBe(0);
});
