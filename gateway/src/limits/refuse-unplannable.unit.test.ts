import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { refuseUnplannable } from './refuse-unplannable.ts';

type Gateway = Parameters<typeof refuseUnplannable>[0];

/** What becomes of an error that planning ends with. */
async function outcomeOf(error: Error): Promise<unknown> {
  const gateway = { load: async () => ({ executor: () => Promise.reject(error) }) } as unknown as Gateway;
  const { executor } = await refuseUnplannable(gateway).load({ apollo: {} } as Parameters<Gateway['load']>[0]);
  return executor!({} as Parameters<NonNullable<typeof executor>>[0]).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

// An operation that meets these limits takes the planner many seconds, so only the words are compared with the planner's own.
const refusals: [words: string, file: string][] = [
  ['Number of non-local selections exceeds limit of ', 'buildPlan.js'],
  ['Exceeded maximum recursive selections in this operation', 'recursiveSelectionsLimit.js'],
];

test.each(refusals)('"%s…" is the client’s mistake', async (words, file) => {
  const folder = path.dirname(createRequire(import.meta.url).resolve('@apollo/query-planner'));
  expect(readFileSync(path.join(folder, file), 'utf8')).toContain(words);
  expect(await outcomeOf(new Error(`${words}100000`))).toMatchObject({
    extensions: { code: 'SELECTION_LIMIT_EXCEEDED', http: { status: 400 } },
  });
});

test('any other error stays what it is', async () => {
  const error = new Error('Cannot read properties of undefined');
  expect(await outcomeOf(error)).toBe(error);
});
