import { findOldReads, type Change } from './checks/reads.ts';
import { describeFault, drawFaults, listTargets } from './injection/draw-faults.ts';
import type { Read } from './load/readers.ts';

const named = (seed: number, ms: number) =>
  drawFaults(seed, ms).map(({ atMs, fault }) => `${atMs} ${describeFault(fault)}`);

test('a seed repeats its faults, and another seed has other faults', () => {
  expect(named(1, 60_000)).toEqual(named(1, 60_000));
  expect(named(1, 60_000)).not.toEqual(named(2, 60_000));
});

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 2],
])(
  'a run of minutes kills and freezes every process, in ascending time and within the run (seed %i, %i replicas)',
  (seed, replicas) => {
    const faults = drawFaults(seed, 230_000, replicas);
    for (const target of listTargets(replicas)) {
      for (const kind of ['kill', 'freeze']) {
        expect(faults).toContainEqual({ atMs: expect.any(Number), fault: expect.objectContaining({ kind, target }) });
      }
    }
    const times = faults.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(230_000);
  },
);

test('a fault names the replica that it hits', () => {
  const names = drawFaults(1, 230_000, 2).map(({ fault }) => describeFault(fault));
  expect(names).toContainEqual(expect.stringMatching(/^kill order\b(?!-)/));
  expect(names).toContainEqual(expect.stringMatching(/^kill order-2\b/));
  expect(names).not.toContainEqual(expect.stringMatching(/(order|gateway)-[13]|(nats|postgres)-/));
});

test('even a short run repeats messages', () => {
  expect(named(1, 1_000)).toEqual(['500 repeat messages', '1000 repeat messages']);
});

describe('reads of products', () => {
  const at = (seconds: number): number => 1_000 * seconds;
  const change = (number: number, published: number | null): Change => ({
    productId: 'p',
    kind: 'version',
    number,
    value: number,
    writtenAt: at(number),
    publishedAt: published === null ? null : at(published),
  });
  const stock: Change = { ...change(1, 1), kind: 'available', value: 7 };
  const changes = [stock, change(1, 1), change(2, 2), change(10, 12), change(20, null)];
  const readAt = (seconds: number, version: number, available = 7): Read => ({
    askedAt: at(seconds),
    answeredAt: at(seconds + 0.1),
    productId: 'p',
    version,
    available,
  });

  test.each([
    ['the newest version', readAt(11.5, 10)],
    ['the one before, as long as the event of the newest is not in the stream', readAt(11.9, 2)],
    ['the one before, for a second after that', readAt(12.9, 2)],
    ['the one before, while the event of the newest waits', readAt(100, 10)],
    ['the newest, while its event waits', readAt(20.5, 20)],
  ])('may show %s', (_what, read) => expect(findOldReads([read], changes)).toEqual([]));

  test.each([
    ['a version whose successor has been in the stream for longer than a second', readAt(13.1, 2)],
    ['a version that nobody has written yet', readAt(5, 10)],
    ['a version that never was', readAt(13.1, 11)],
    ['a stock that never was', readAt(13.1, 10, 8)],
  ])('must not show %s', (_what, read) => expect(findOldReads([read], changes)).toHaveLength(1));
});
