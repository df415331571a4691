import { defaultLimits } from '../src/limits/index.ts';
import { testResolvers } from './resolvers.ts';
import { execute, startSystem, type System } from './system.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@listSize"])';
let system: System;
beforeAll(async () => {
  system = await startSystem(testResolvers);
});
afterAll(() => system.close());

const findErrors = async (query: string, variables?: Record<string, unknown>) => {
  system.seen.length = 0;
  const { status, errors } = await execute(system.gateway.url, query, {}, variables);
  return [status, errors?.map(({ extensions }) => extensions)];
};
const refused = (code: string, limit: number, actual: unknown) => [400, [{ code, limit, actual }]];

/** Each fragment spreads the next one twice. */
const doubling = (count: number) =>
  [
    `{ me { ...F${count} } }`,
    'fragment F0 on User { id }',
    ...Array.from(
      { length: count },
      (_, index) =>
        `fragment F${index + 1} on User { orders { a: customer { ...F${index} } b: customer { ...F${index} } } }`,
    ),
  ].join('\n');

test('a short document that takes long to plan is rejected before it reaches a subgraph', async () => {
  expect(await findErrors(doubling(16))).toEqual(refused('DEPTH_LIMIT_EXCEEDED', 12, 34));
  // Apollo Server's own limit, which is far higher, is met in validation.
  expect(await findErrors(doubling(60))).toEqual([400, [{ code: 'GRAPHQL_VALIDATION_FAILED' }]]);
  expect(system.seen).toEqual([]);
}, 5_000);

test('such a document is rejected even if another of its operations is executed', async () => {
  const { status, errors } = await execute(
    system.gateway.url,
    `query A { me { id } } query B ${doubling(16)}`,
    {},
    {},
    'A',
  );
  expect([status, errors?.map(({ extensions }) => extensions)]).toEqual(refused('DEPTH_LIMIT_EXCEEDED', 12, 34));
}, 5_000);

test('a shallow document with many selections is rejected', async () => {
  const wide = `{ me { ${'...A '.repeat(50)} } } fragment A on User { ${'...B '.repeat(50)} } fragment B on User { id }`;
  expect(await findErrors(wide)).toEqual(refused('SELECTION_LIMIT_EXCEEDED', 1_000, 1 + 50 + 50 * 50 * 2));
  expect(system.seen).toEqual([]);
}, 5_000);

test('an operation with a large answer is rejected by its estimated cost', async () => {
  const nested = (levels: number): string => (levels === 0 ? 'id' : `orders { customer { ${nested(levels - 1)} } }`);
  expect(await findErrors(`{ me { ${nested(5)} } }`)).toEqual(refused('COST_LIMIT_EXCEEDED', 20_000, 222_221));
  expect(system.seen).toEqual([]);
  expect(await findErrors(`{ me { ${nested(2)} } }`)).toEqual([200, undefined]);
});

test('up to a hundred aliases of root fields are allowed', async () => {
  const aliases = (count: number) =>
    `{ ${Array.from({ length: count }, (_, index) => `a${index}: whoami`).join(' ')} }`;
  expect(await findErrors(aliases(100))).toEqual([200, undefined]);
  expect(await findErrors(aliases(101))).toEqual(refused('ALIAS_LIMIT_EXCEEDED', 100, 101));
});

test('the cost depends on the value of a variable in each request', async () => {
  const sized = await startSystem(
    { user: {}, order: {}, product: { Query: { products: () => [] } } },
    {
      config: { limits: { ...defaultLimits, maxDepth: 15, maxSelections: 2_000, maxCost: 50 } },
      schemas: {
        user: `${link} type Query { whoami: String }`,
        order: `${link} type Query { order(id: ID!): Order } type Order @key(fields: "id") { id: ID! }`,
        product: `${link}
          type Query {
            products(first: Int): [Product!]! @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
          }
          type Product @key(fields: "id") { id: ID! }`,
      },
    },
  );
  const ask = async (first: number) =>
    (await execute(sized.gateway.url, 'query ($n: Int) { products(first: $n) { id } }', {}, { n: first })).errors?.[0]
      ?.extensions['code'];
  const codes = [await ask(50), await ask(51), await ask(50)];
  await sized.close();
  expect(codes).toEqual([undefined, 'COST_LIMIT_EXCEEDED', undefined]);
});
