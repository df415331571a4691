import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { rejectUnplannable } from './reject-unplannable.ts';

type Request = Parameters<typeof rejectUnplannable>[0];

/** Returns the answer to a client when planning fails. */
async function findOutcome(error: Error): Promise<unknown> {
  return rejectUnplannable({} as Request, () => Promise.reject(error)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

// An operation that reaches these limits takes the planner many seconds, so the test only compares the messages.
const refusals: [words: string, file: string][] = [
  ['Number of non-local selections exceeds limit of ', 'buildPlan.js'],
  ['Exceeded maximum recursive selections in this operation', 'recursiveSelectionsLimit.js'],
];

test.each(refusals)('"%s…" is reported as a mistake of the client', async (words, file) => {
  const folder = path.dirname(createRequire(import.meta.url).resolve('@apollo/query-planner'));
  expect(readFileSync(path.join(folder, file), 'utf8')).toContain(words);
  expect(await findOutcome(new Error(`${words}100000`))).toMatchObject({
    extensions: { code: 'SELECTION_LIMIT_EXCEEDED', http: { status: 400 } },
  });
});

test('a mutation that the planner finds no way for is reported with a code', async () => {
  const folder = path.dirname(createRequire(import.meta.url).resolve('@apollo/query-planner'));
  const code = readFileSync(path.join(folder, 'buildPlan.js'), 'utf8');
  expect(code).toContain('Was not able to plan ${');
  expect(code).toContain('} starting from a single subgraph');
  const error = new Error('Was not able to plan mutation {\n  change\n} starting from a single subgraph: no.');
  expect(await findOutcome(error)).toMatchObject({ extensions: { code: 'FIELD_UNRESOLVABLE', http: { status: 400 } } });
});

test('any other error is unchanged', async () => {
  const error = new Error('Cannot read properties of undefined');
  expect(await findOutcome(error)).toBe(error);
});
