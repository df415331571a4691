import { ExpiringCache } from './expiring-cache.ts';

describe('ExpiringCache', () => {
  test('forgets at the moment of expiry', () => {
    let now = 0;
    const cache = new ExpiringCache<string>({ maxEntries: 10, now: () => now });
    cache.set('a', 'A', 100);
    now = 99;
    expect(cache.get('a')).toBe('A');
    now = 100;
    expect(cache.get('a')).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  test('drops the least recently used entry when full', () => {
    const cache = new ExpiringCache<number>({ maxEntries: 2, now: () => 0 });
    cache.set('a', 1, 10);
    cache.set('b', 2, 10);
    cache.get('a');
    cache.set('c', 3, 10);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
    expect(cache.size).toBe(2);
  });
});
