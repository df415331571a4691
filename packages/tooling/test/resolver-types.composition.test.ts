import { serviceNames } from '@shop/contracts';
import { copyProject, type ProjectCopy, schemaFiles } from './project-copy.ts';

const schema = 'subgraphs/order/schema.graphql';
const folders = serviceNames.map((name) => `subgraphs/${name}/src/resolvers`);
const parents = 'subgraphs/order/src/resolvers/parents.ts';
const types = 'subgraphs/order/src/resolvers/schema-types.ts';

let copy: ProjectCopy;
beforeEach(() => {
  copy = copyProject([...schemaFiles, ...folders]);
});
afterEach(() => copy.remove());

test('the committed types match the schemas', async () => {
  expect(await copy.findStale('resolver types')).toEqual([]);
});

test('detects a schema that was changed alone, and generates its types', async () => {
  copy.change(schema, 'type Query {', 'type Query {\n  "Whether it works."\n  ping: Boolean\n');
  expect(await copy.findStale('resolver types')).toEqual([types]);
  expect(copy.read(types)).not.toContain('ping: Resolver');
  expect(await copy.generate('resolver types')).toEqual([types]);
  expect(copy.read(types)).toContain("ping: Resolver<Maybe<ResolversTypes['Boolean']>");
  expect(await copy.findStale('resolver types')).toEqual([]);
});

test('reports an unreadable schema with its place', async () => {
  copy.change(schema, 'type Query {', 'type Query {{');
  await expect(copy.generate('resolver types')).rejects.toThrow(
    /^subgraphs\/order\/schema\.graphql:\d+:\d+ Syntax Error/,
  );
});

test.each([
  ['export type PaymentParent', 'export type PaymantParent', 'PaymantParent'],
  ['export type PaymentParent', 'export type PaymentRow', 'PaymentRow'],
  ['export type PaymentParent = Payment;', 'export { type Payment as PaymentParent };', 'an export'],
])('rejects %s as %s, since it would have no effect', async (from, to, name) => {
  copy.change(parents, from, to);
  await expect(copy.generate('resolver types')).rejects.toThrow(
    `${parents}: ${name} is not the name of a type of the schema followed by Parent.`,
  );
});
