import { readFileSync } from 'node:fs';
import { startTestStack, type TestStack } from '@shop/testing';

/** Each `graphql` block of the README with the `json` block that follows it: what a newcomer pastes, and is promised. */
const examples = [...readFileSync('README.md', 'utf8').matchAll(/```graphql\n([\s\S]*?)```[\s\S]*?```json\n([\s\S]*?)```/g)].map(
  ([, operation = '', answer = '']) => ({ operation, answer: JSON.parse(answer) as unknown }),
);

let started: TestStack;
beforeAll(async () => {
  started = await startTestStack({ seed: 'demo' });
});
afterAll(() => started?.stop());

test('the README has a mutation and a query', () => {
  expect(examples.map(({ operation }) => operation.trimStart().split(/\W/)[0])).toEqual(['mutation', 'query']);
});

test.each(examples.map((example) => [example.operation.trimStart().split(/\W/)[0], example] as const))(
  'its %s gives the answer that it promises',
  async (_kind, { operation, answer }) => {
    const { data, errors } = await started.anonymous.execute(operation);
    expect({ data, ...(errors ? { errors } : {}) }).toEqual(answer);
  },
);
