import { aloneWhenRefused } from './alone-when-refused.ts';

/** An error as Prisma's adapter has it. */
const rejection = (originalCode: string) =>
  Object.assign(new Error(originalCode), { meta: { driverAdapterError: { cause: { originalCode } } } });

/** Work that fails with the code when one of its items is bad, and the sizes of its calls. */
function workOver(code: string) {
  const calls: number[] = [];
  const work = aloneWhenRefused(async (items: readonly string[]) => {
    calls.push(items.length);
    if (items.includes('bad')) throw rejection(code);
    return items.map((item) => item.toUpperCase());
  });
  return { calls, work };
}

test('items that nobody rejects stay together', async () => {
  const { calls, work } = workOver('22P05');
  expect(await work(['a', 'b'])).toEqual(['A', 'B']);
  expect(calls).toEqual([2]);
});

test('a bad item fails alone', async () => {
  const { calls, work } = workOver('22P05');
  expect(await work(['a', 'bad', 'b'])).toEqual(['A', rejection('22P05'), 'B']);
  expect(calls).toEqual([3, 1, 1, 1]);
});

test.each([
  ['a statement that took too long', '57014'],
  ['a server that shuts down', '57P01'],
])('%s fails all, since each alone would fail too', async (_name, code) => {
  const { calls, work } = workOver(code);
  await expect(work(['a', 'bad'])).rejects.toThrow(code);
  expect(calls).toEqual([2]);
});

test('a single item is not tried twice', async () => {
  const { calls, work } = workOver('22P05');
  await expect(work(['bad'])).rejects.toThrow('22P05');
  expect(calls).toEqual([1]);
});
