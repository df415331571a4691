import type { Resolvers } from '@shop/subgraph';
import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  printSchema,
  validateSchema,
} from 'graphql';
import { signAccessToken } from './keys.ts';
import { execute, startSystem, type SubgraphName, type System } from './system.ts';

const link = (...names: string[]) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
    import: ["@key", "@shareable", ${names.map((name) => `"${name}"`).join()}])`;

const schemas: Record<SubgraphName, string> = {
  user: `${link('@authenticated', '@requiresScopes')}
    type Query { me: User @authenticated users: [User!]! @requiresScopes(scopes: [["user:read"]]) whoami: String }
    type Mutation { erase: Boolean @requiresScopes(scopes: [["user:write"]]) greet: String renew: String! @authenticated }
    type User @key(fields: "id") { id: ID! email: String @requiresScopes(scopes: [["user:read"]]) }`,
  product: `${link('@authenticated')}
    type Query { product(id: ID!): Product search: [Hit!] nodes: [Node!] mood: Mood }
    interface Node { id: ID! note: String }
    type Product implements Node @key(fields: "id") { id: ID! note: String name: String! stock: Stock reviews(first: Int): [Review!] }
    type Review implements Node { id: ID! note: String @authenticated }
    type Stock @authenticated { onHand: Int! }
    union Hit = Product | Review
    enum Mood @authenticated { GOOD }`,
  order: `${link('@requiresScopes')}
    type Query { order(id: ID!): Order }
    type Order @key(fields: "id") { id: ID! items: [Item!]! customer: User margin: Int! @requiresScopes(scopes: [["order:read"]]) }
    type Item { sku: String! product: Product }
    type Product @key(fields: "id", resolvable: false) { id: ID! }
    type User @key(fields: "id") { id: ID! orders: [Order!] @requiresScopes(scopes: [["order:read"]]) }`,
};

const done: string[] = [];
const product = (id: string) => ({
  __typename: 'Product',
  id,
  note: 'n',
  name: `Product ${id}`,
  stock: { onHand: 5 },
  reviews: [review],
});
const review = { __typename: 'Review', id: 'r1', note: 'secret' };
const order = (id: string) => ({
  id,
  margin: 3,
  customer: { id: 'u1' },
  items: [
    { sku: 'A', product: { id: '1' } },
    { sku: 'B', product: null },
    { sku: 'C', product: { id: '2' } },
  ],
});

const resolvers: Record<SubgraphName, Resolvers> = {
  user: {
    Query: { me: () => ({ id: 'u1', email: 'e' }), users: () => [{ id: 'u1', email: 'e' }], whoami: () => 'x' },
    Mutation: {
      erase: () => void done.push('erase'),
      greet: () => String(done.push('greet')),
      renew: () => String(done.push('renew')),
    },
    User: { __resolveReference: ({ id }: { id: string }) => ({ id, email: `${id}@example.com` }) },
  },
  product: {
    Query: {
      product: (_: unknown, { id }: { id: string }) => product(id),
      search: () => [product('1'), review],
      nodes: () => [product('1'), review],
      mood: () => 'GOOD',
    },
    Product: { __resolveReference: ({ id }: { id: string }) => product(id) },
  },
  order: {
    Query: { order: (_: unknown, { id }: { id: string }) => order(id) },
    User: { orders: () => [order('1')] },
  },
};

const open = (name: SubgraphName) =>
  schemas[name].replace(/ @authenticated(?![",])| @requiresScopes\(scopes: \[\[[^\]]*\]\]\)/g, '');

let system: System;
let exposed: System;
beforeAll(async () => {
  system = await startSystem(resolvers, { schemas });
  // The same subgraphs behind a gateway without access rules.
  exposed = await startSystem(resolvers, {
    schemas,
    composed: { user: open('user'), product: open('product'), order: open('order') },
  });
});
afterAll(async () => {
  await system.close();
  await exposed.close();
});
beforeEach(() => {
  done.length = 0;
  system.seen.length = 0;
  exposed.seen.length = 0;
});

/** `scope` undefined is an anonymous caller. */
async function ask(query: string, scope?: string, on = system, operationName?: string) {
  const headers: Record<string, string> =
    scope === undefined ? {} : { authorization: `Bearer ${await signAccessToken(on.accessKey, { scope })}` };
  const { status, data, errors } = await execute(on.gateway.url, query, headers, {}, operationName);
  return {
    status,
    data,
    errors: errors?.map(({ path, extensions }) => `${path?.join('.')} ${String(extensions['code'])}`),
    asked: on.seen.map(({ subgraph }) => subgraph),
  };
}

test('a refused field is null with an error at its path, and the rest is unchanged', async () => {
  const { errors, ...answer } = await execute(
    system.gateway.url,
    '{ product(id: 1) { name stock { onHand } } order(id: 7) { id } me { id } }',
  );
  expect([answer.status, answer.data]).toEqual([
    200,
    { product: { name: 'Product 1', stock: null }, order: { id: '7' }, me: null },
  ]);
  expect(errors).toEqual([
    { message: 'You must be signed in.', path: ['product', 'stock'], extensions: { code: 'UNAUTHENTICATED' } },
    { message: 'You must be signed in.', path: ['me'], extensions: { code: 'UNAUTHENTICATED' } },
  ]);
  expect(system.seen.map(({ subgraph }) => subgraph).sort()).toEqual(['order', 'product']);
  expect(system.seen.filter(({ query }) => /stock|me/.test(query.replace('name', '')))).toEqual([]);
});

test('the error names the missing scope', async () => {
  const token = await signAccessToken(system.accessKey, { scope: 'other' });
  const { data, errors } = await execute(system.gateway.url, '{ me { id email } }', {
    authorization: `Bearer ${token}`,
  });
  expect(data).toEqual({ me: { id: 'u1', email: null } });
  expect(errors).toEqual([
    {
      message: 'This needs the scope user:read.',
      path: ['me', 'email'],
      extensions: { code: 'FORBIDDEN', scope: 'user:read' },
    },
  ]);
});

test('no subgraph is called when no field is left', async () => {
  expect(await ask('{ me { id } mood a: me { email } }')).toEqual({
    status: 200,
    data: { me: null, mood: null, a: null },
    errors: ['me UNAUTHENTICATED', 'mood UNAUTHENTICATED', 'a UNAUTHENTICATED'],
    asked: [],
  });
  expect(await ask('{ whoami users { id } }', '')).toEqual({
    status: 200,
    data: null,
    errors: ['users FORBIDDEN'],
    asked: [],
  });
});

test('the subgraph of a refused entity field is not called', async () => {
  const query = '{ order(id: 7) { items { sku product { name stock { onHand } } } customer { id orders { id } } } }';
  const refused = await ask(query, '');
  expect(refused.data).toEqual({
    order: {
      items: [
        { sku: 'A', product: { name: 'Product 1', stock: { onHand: 5 } } },
        { sku: 'B', product: null },
        { sku: 'C', product: { name: 'Product 2', stock: { onHand: 5 } } },
      ],
      customer: { id: 'u1', orders: null },
    },
  });
  expect(refused.errors).toEqual(['order.customer.orders FORBIDDEN']);
  expect(await ask('{ order(id: 7) { items { product { stock { onHand } } } } }')).toMatchObject({
    data: { order: { items: [{ product: { stock: null } }, { product: null }, { product: { stock: null } }] } },
    errors: ['order.items.0.product.stock UNAUTHENTICATED', 'order.items.2.product.stock UNAUTHENTICATED'],
  });
  expect(system.seen.at(-1)).toMatchObject({ subgraph: 'order' });
});

test('a field that cannot be null makes its parent null', async () => {
  expect(await ask('{ order(id: 7) { id margin } me { id } }', '')).toMatchObject({
    data: { order: null, me: { id: 'u1' } },
    errors: ['order.margin FORBIDDEN'],
  });
});

test('fields behind interfaces and unions are refused by their types', async () => {
  expect(await ask('{ nodes { id note } }')).toMatchObject({
    data: {
      nodes: [
        { id: '1', note: null },
        { id: 'r1', note: null },
      ],
    },
  });
  expect(await ask('{ nodes { ... on Product { note } ...R } } fragment R on Review { id note }')).toMatchObject({
    data: { nodes: [{ note: 'n' }, { id: 'r1', note: null }] },
    errors: ['nodes.1.note UNAUTHENTICATED'],
  });
  expect(
    await ask('{ search { __typename ... on Review { note } ... on Product { s: stock { onHand } id } } }'),
  ).toMatchObject({
    data: {
      search: [
        { __typename: 'Product', s: null, id: '1' },
        { __typename: 'Review', note: null },
      ],
    },
    errors: ['search.0.s UNAUTHENTICATED', 'search.1.note UNAUTHENTICATED'],
  });
  expect(system.seen.filter(({ query }) => query.includes('stock'))).toEqual([]);
});

describe('mutations', () => {
  test('a refused mutation is not executed, but the others are', async () => {
    expect(await ask('mutation { erase a: greet b: erase }', 'user:read')).toMatchObject({
      data: { erase: null, a: '1', b: null },
      errors: ['erase FORBIDDEN', 'b FORBIDDEN'],
    });
    expect(done).toEqual(['greet']);
    expect(system.seen.filter(({ query }) => query.includes('erase'))).toEqual([]);
  });

  test('no mutation is executed if the answer could not report the others', async () => {
    expect(await ask('mutation { greet renew }')).toMatchObject({
      data: null,
      errors: ['renew UNAUTHENTICATED'],
      asked: [],
    });
    expect(done).toEqual([]);
  });

  test('a caller with the scope can execute it', async () => {
    expect(await ask('mutation { erase renew }', 'user:write')).toMatchObject({
      data: { erase: null, renew: '2' },
      errors: undefined,
    });
    expect(done).toEqual(['erase', 'renew']);
  });
});

test('callers with different scopes do not share plans', async () => {
  const query = 'query A { me { id email } } query B { product(id: 1) { id stock { onHand } } }';
  const may = { me: { id: 'u1', email: 'e' } };
  const mayNot = { me: { id: 'u1', email: null } };
  for (const [scope, data] of [
    ['', mayNot],
    ['user:read', may],
    ['x', mayNot],
    ['user:read', may],
    [undefined, { me: null }],
  ] as const) {
    expect((await ask(query, scope, system, 'A')).data).toEqual(data);
  }
  expect((await ask(query, undefined, system, 'B')).data).toEqual({ product: { id: '1', stock: null } });
  expect((await ask(query, '', system, 'B')).data).toEqual({ product: { id: '1', stock: { onHand: 5 } } });
});

test('a variable that only a refused field uses is neither required nor sent', async () => {
  const query = 'query ($id: ID!, $skip: Boolean!) { product(id: $id) { name } me @skip(if: $skip) { id } }';
  const ask = (variables: Record<string, unknown>) => execute(system.gateway.url, query, {}, variables);
  expect((await ask({ id: '1', skip: false })).data).toEqual({ product: { name: 'Product 1' }, me: null });
  expect(await ask({ id: '1', skip: true })).toMatchObject({ data: { product: { name: 'Product 1' } } });
  expect(await ask({ skip: true })).toMatchObject({
    status: 400,
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  });
});

test('introspection shows the API without the access rules', async () => {
  const { data } = await ask('{ __schema { types { name } directives { name } } me { id } }');
  expect(data?.['me']).toBeNull();
  const { types, directives } = data?.['__schema'] as Record<'types' | 'directives', { name: string }[]>;
  expect(types.map(({ name }) => name)).toContain('Stock');
  expect([...types, ...directives].map(({ name }) => name).join()).not.toMatch(/requiresScopes|authenticated/);
});

test('tools can build the schema from introspection', async () => {
  // It has a fragment of the types of introspection.
  const { data } = await execute(system.gateway.url, getIntrospectionQuery());
  const built = buildClientSchema(data as unknown as IntrospectionQuery);
  expect(validateSchema(built)).toEqual([]);
  for (const type of ['type Stock {\n  onHand: Int!\n}', 'enum Mood {\n  GOOD\n}', 'union Hit = Product | Review'])
    expect(printSchema(built)).toContain(type);
});

test('an unavailable subgraph and a refused field have different errors', async () => {
  await system.stop('product');
  const answer = await ask(
    '{ order(id: 7) { id items { product { name } } margin2: id customer { orders { id } } } }',
    '',
  );
  await system.start('product');
  expect(answer.errors).toEqual([
    'order.items.0.product SERVICE_UNAVAILABLE',
    'order.items.2.product SERVICE_UNAVAILABLE',
    'order.customer.orders FORBIDDEN',
  ]);
});

describe('behind a gateway without rules, the subgraphs enforce them', () => {
  test.each([
    ['{ me { id } }', undefined, { me: null }, ['me UNAUTHENTICATED'], ['user']],
    ['{ me { id email } }', '', { me: { id: 'u1', email: null } }, ['me.email FORBIDDEN'], ['user']],
    [
      '{ product(id: 1) { name stock { onHand } } }',
      undefined,
      { product: { name: 'Product 1', stock: null } },
      ['product.stock UNAUTHENTICATED'],
      ['product'],
    ],
    ['{ mood }', undefined, { mood: null }, ['mood UNAUTHENTICATED'], ['product']],
    [
      '{ search { __typename ... on Review { note } } }',
      undefined,
      { search: [{ __typename: 'Product' }, { __typename: 'Review', note: null }] },
      ['search.1.note UNAUTHENTICATED'],
      ['product'],
    ],
    [
      '{ order(id: 7) { customer { id orders { id } } } }',
      '',
      { order: { customer: { id: 'u1', orders: null } } },
      ['order.customer.orders FORBIDDEN'],
      ['order'],
    ],
    [
      '{ order(id: 7) { items { product { stock { onHand } } } } }',
      undefined,
      { order: { items: [{ product: { stock: null } }, { product: null }, { product: { stock: null } }] } },
      ['order.items.0.product.stock UNAUTHENTICATED', 'order.items.2.product.stock UNAUTHENTICATED'],
      ['order', 'product'],
    ],
  ])('%s', async (query, scope, data, errors, asked) => {
    const answer = await ask(query, scope, exposed);
    expect(answer).toMatchObject({ data, asked });
    expect(answer.errors?.sort()).toEqual(errors);
  });

  test('no mutation is executed', async () => {
    await ask('mutation { erase greet }', '', exposed);
    expect(done).toEqual(['greet']);
  });
});
