import { readFileSync } from 'node:fs';
import type { Supergraph } from '@shop/testing/supergraph';
import { parse, type OperationDefinitionNode } from 'graphql';
import { ourSupergraph } from './our-supergraph.ts';
import { variablesOf } from './variables.ts';

const everyone = {
  userId: '00000000-0000-4000-8000-000000000001',
  scopes: [
    'user:read',
    'user:write',
    'product:write',
    'inventory:read',
    'inventory:write',
    'order:read',
    'order:write',
  ],
};

/** Each `graphql` block of docs/sandbox.md, with the `json` block of its variables if one follows. */
const pasted = [
  ...readFileSync('docs/sandbox.md', 'utf8').matchAll(/```graphql\n([\s\S]*?)```(?:\n\n```json\n([\s\S]*?)```)?/g),
].map(([, text = '', variables]) => ({
  name: /\w+ (\w+)/.exec(text)?.[1],
  text,
  variables: JSON.parse(variables ?? '{}') as Record<string, unknown>,
}));

let supergraph: Supergraph;
beforeAll(async () => {
  supergraph = await ourSupergraph();
});
afterAll(() => supergraph.stop());

test('every operation to paste has its own name', () => {
  expect(pasted.length).toBeGreaterThan(8);
  expect(new Set(pasted.map(({ name }) => name)).size).toBe(pasted.length);
});

test.each(pasted)('$name of docs/sandbox.md works unchanged', async ({ text, variables }) => {
  const operation = parse(text).definitions[0] as OperationDefinitionNode;
  expect(Object.keys(variables)).toEqual(Object.keys(variablesOf(operation, supergraph.schema)));
  const { data, errors } = await supergraph.execute(text, { variables, as: everyone });
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data)).not.toContain('null');
});

test('the example of docs/testing.md is the tested code', () => {
  const example = readFileSync('e2e/contracts/example.composition.test.ts', 'utf8');
  expect(/```ts\n([\s\S]*?)```/.exec(readFileSync('docs/testing.md', 'utf8'))?.[1]).toBe(example);
});
