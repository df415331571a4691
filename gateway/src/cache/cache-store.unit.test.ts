import { CacheStore, type Kept } from './cache-store.ts';
import type { Source } from './source.ts';

const createSource = (): Source & { current: boolean } => {
  const source = { name: 'S', flushedAt: 0, current: true, isCurrent: () => source.current };
  return source;
};
const keptWith = (changes: Partial<Kept> = {}): Kept => ({
  value: 'text',
  tags: [],
  sources: [],
  since: 0,
  oldest: 0,
  expiresAt: Infinity,
  ...changes,
});

test('the entries that were not used for the longest time are dropped first', () => {
  const evicted: string[] = [];
  const keys = Array.from({ length: 40 }, (_, index) => `key ${index}`);
  const store = new CacheStore({ maxBytes: 12_000, onEvict: () => evicted.push('') });
  for (const key of keys) {
    store.keep(key, keptWith({ tags: ['t'] }));
    expect(store.find('key 0')).toBeDefined();
    expect(store.state.bytes).toBeLessThanOrEqual(12_000);
  }
  const left = keys.filter((key) => store.find(key) !== undefined);
  expect(left).toEqual(['key 0', ...keys.slice(-left.length + 1)]);
  expect(evicted).toHaveLength(keys.length - left.length);
  expect(store.state.entries).toBe(left.length);
});

test('nothing is left when all is dropped, and the store goes on', () => {
  const store = new CacheStore({ maxBytes: 100_000 });
  for (let round = 0; round < 3; round += 1) {
    for (const key of ['a', 'b', 'c']) store.keep(key, keptWith({ tags: [key, 'all'] }));
    expect(store.invalidate(['b', 'unknown'])).toBe(1);
    expect(['a', 'b', 'c'].map((key) => store.find(key) !== undefined)).toEqual([true, false, true]);
    expect(store.invalidate(['all'])).toBe(2);
    expect(store.state).toEqual({ entries: 0, bytes: 0 });
  }
});

test('an entry of a key replaces the one before', () => {
  const store = new CacheStore({ maxBytes: 100_000 });
  store.keep('a', keptWith({ value: 'x'.repeat(1_000), tags: ['old'] }));
  store.keep('a', keptWith({ value: null, tags: ['new'] }));
  expect(store.invalidate(['old'])).toBe(0);
  expect(store.find('a')?.value).toBeNull();
  expect(store.state.entries).toBe(1);
  expect(store.state.bytes).toBeLessThan(1_000);
});

test('an entry that would take a large part of the store is not kept', () => {
  const store = new CacheStore({ maxBytes: 8_000 });
  store.keep('a', keptWith({ value: Buffer.alloc(2_000) }));
  expect(store.state.entries).toBe(0);
});

test('an entry expires', () => {
  let now = 0;
  const store = new CacheStore({ maxBytes: 8_000, now: () => now });
  store.keep('a', keptWith({ expiresAt: 10 }));
  now = 9;
  expect(store.find('a')).toBeDefined();
  now = 10;
  expect(store.find('a')).toBeUndefined();
  expect(store.state.entries).toBe(0);
});

test('an entry waits while its source is not current, and is dropped when all of the source is', () => {
  const store = new CacheStore({ maxBytes: 8_000 });
  const [source, other] = [createSource(), createSource()];
  store.keep('a', keptWith({ sources: [source], since: 5 }));
  store.keep('b', keptWith({ sources: [other], since: 5 }));
  source.current = false;
  expect(store.find('a')).toBeUndefined();
  source.current = true;
  source.flushedAt = 5;
  expect(store.find('a')).toBeDefined();
  source.flushedAt = 6;
  expect(store.find('a')).toBeUndefined();
  expect(store.find('b')).toBeDefined();
  expect(store.state.entries).toBe(1);
});

test('a text counts with the bytes that it has in memory', () => {
  const bytesOf = (value: string): number => {
    const store = new CacheStore({ maxBytes: 1_000_000 });
    store.keep('a', keptWith({ value }));
    return store.state.bytes;
  };
  expect(bytesOf('ä'.repeat(1_000)) - bytesOf('')).toBe(2_000);
  expect(bytesOf(`${'a'.repeat(999)}漢`) - bytesOf('')).toBe(2_000);
  expect(bytesOf('a'.repeat(1_000)) - bytesOf('')).toBe(1_000);
});
