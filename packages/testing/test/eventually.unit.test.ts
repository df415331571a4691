import { connect } from 'node:net';
import { eventually } from '../src/eventually.ts';
import { splitStack } from '../src/stack-frames.ts';

const failing = async (check: () => unknown, timeoutMs = 60): Promise<Error> => {
  try {
    await eventually(check, { timeoutMs });
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
};

test('returns the first result', async () => {
  let calls = 0;
  const result = await eventually(() => {
    calls += 1;
    if (calls < 3) throw new Error('not yet');
    return calls;
  });
  expect(result).toBe(3);
});

/** Fails as a database client does: its stack has only lines of libraries. */
const refused = () =>
  new Promise((_resolve, reject) => {
    connect(1, '127.0.0.1').on('error', reject);
  });
const thrown = (message: string) => () => {
  throw new Error(message);
};

const call = /eventually\.unit\.test\.ts:7:/; // the call in `failing`
const check = /eventually\.unit\.test\.ts:(?!7:)/;

test.each([
  ['an error that another module made', refused, call],
  ['a failed expectation', () => expect(1).toBe(2), check],
  ['a failed expectation about a promise', () => expect(Promise.resolve(1)).resolves.toBe(2), check],
  ['an error with a message that looks like a stack', thrown('a\n    at b (c:1:1)\nd'), check],
])('%s leads to the caller, and not to eventually', async (_what, run, first) => {
  const error = await failing(run);
  const frames = splitStack(error).frames.filter((frame) => !/node_modules|node:/.test(frame));
  expect(frames[0]).toMatch(first);
  expect(frames).toContainEqual(expect.stringMatching(call));
  expect(frames.join('\n')).not.toContain('/eventually.ts');
  expect(error.stack).toContain(error.message);
});

test('passes a thrown value that is no error', async () => {
  expect(await failing(() => Promise.reject('text'))).toBe('text');
});
