import { Loader } from './loader.ts';

/** A loader of the lengths of words, with a record of what it loads. An empty word has none. */
function createLengths() {
  const calls: (readonly string[])[] = [];
  const lengths = new Loader(async (words: readonly string[]) => {
    calls.push(words);
    await new Promise(setImmediate);
    if (words.includes('bad')) throw new Error('It is bad.');
    return words.map((word) => (word === '' ? null : word.length));
  });
  return { lengths, calls };
}

test('rows that are asked for at the same time are loaded together, and each once', async () => {
  const { lengths, calls } = createLengths();
  expect(await Promise.all([lengths.load('one'), lengths.load('three'), lengths.load('one')])).toEqual([3, 5, 3]);
  expect(await lengths.load('one')).toBe(3);
  expect(calls).toEqual([['one', 'three']]);
});

test('a row that was preloaded is there at once, also one that does not exist', async () => {
  const { lengths, calls } = createLengths();
  await lengths.preload(['one', '', 'one']);
  expect(lengths.load('one')).toBe(3);
  expect(lengths.load('')).toBeNull();
  expect(lengths.read('one', (length) => length ?? 0)).toBe(3);
  await lengths.preload(['', 'three', 'one']);
  expect(lengths.load('three')).toBe(5);
  expect(calls).toEqual([['one', ''], ['three']]);
});

test('a row that was not preloaded is read when it is there', async () => {
  const { lengths } = createLengths();
  expect(await lengths.read('one', (length) => `${length} letters`)).toBe('3 letters');
});

test('a load that fails fails for those who ask for its rows, and is not repeated', async () => {
  const { lengths, calls } = createLengths();
  await lengths.preload(['bad', 'one']);
  await expect(lengths.load('one')).rejects.toThrow('It is bad.');
  await expect(lengths.read('bad', String)).rejects.toThrow('It is bad.');
  expect(calls).toEqual([['bad', 'one']]);
  expect(await lengths.load('three')).toBe(5);
});
