import { shareLoads } from './share-loads.ts';

test('calls that come while one runs share the next, with each key once', async () => {
  const calls: (readonly string[])[] = [];
  let version = 0;
  const load = shareLoads(async (keys: readonly string[]) => {
    calls.push(keys);
    version += 1;
    const rows = new Map(keys.filter((key) => key !== 'none').map((key) => [key, `${key} ${version}`]));
    await new Promise(setImmediate);
    return rows;
  }, 'load');
  const found = await Promise.all([load(['a']), load(['a', 'b']), load(['b', 'none'])]);
  expect(calls).toEqual([['a'], ['a', 'b', 'none']]);
  // The second caller asked after the first call had begun: what that one read may be too old for it.
  expect(found.map((rows) => rows.get('a'))).toEqual(['a 1', 'a 2', 'a 2']);
  expect(found.map((rows) => rows.get('none'))).toEqual([undefined, undefined, undefined]);
});

test('a failure reaches those who share the call, and no other', async () => {
  const load = shareLoads(async (keys: readonly string[]) => {
    await new Promise(setImmediate);
    if (keys.includes('bad')) throw new Error('lost');
    return new Map(keys.map((key) => [key, key]));
  }, 'load');
  const outcomes = await Promise.allSettled([load(['a']), load(['bad']), load(['b'])]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect((await load(['b'])).get('b')).toBe('b');
});
