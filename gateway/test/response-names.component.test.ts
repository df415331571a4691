import { execute, startSystem, type System } from './system.ts';

const user = { id: 'u1', email: 'ada@example.com', name: 'Ada' };
const resolvers = {
  user: {
    Query: { me: () => user },
    User: { __resolveReference: ({ id }: { id: string }) => (id === 'u1' ? user : null) },
  },
  product: {},
  order: {
    User: {
      __resolveReference: (reference: object) => reference,
      orders: ({ id }: { id: string }) => [{ id: `order of ${id}`, items: [], customer: { id } }],
    },
  },
};

let system: System;
beforeAll(async () => {
  system = await startSystem(resolvers);
});
afterAll(() => system.close());

test('an alias with the name of a key has the value of its own field', async () => {
  const { status, data, errors } = await execute(
    system.gateway.url,
    '{ me { id: email orders { id customer { id: name name: id } } } }',
  );
  expect({ status, data, errors }).toEqual({
    status: 200,
    data: { me: { id: user.email, orders: [{ id: 'order of u1', customer: { id: 'Ada', name: 'u1' } }] } },
    errors: undefined,
  });
});

test('the places that an unavailable subgraph leaves empty are reported with the names of the client', async () => {
  await system.stop('order');
  const { data, errors } = await execute(system.gateway.url, '{ me { id: orders { id } email: id __typename: name } }');
  await system.start('order');
  expect(data).toEqual({ me: { id: null, email: 'u1', __typename: 'Ada' } });
  expect(errors?.map(({ path, extensions }) => [path, extensions['code']])).toEqual([
    [['me', 'id'], 'SERVICE_UNAVAILABLE'],
  ]);
});

test('an operation under another name is not planned or sent anew', async () => {
  system.seen.length = 0;
  for (const [name, id] of [
    ['A', '1'],
    ['B', '2'],
  ])
    await execute(system.gateway.url, `query ${name} { product(id: "${id}") { name } }`);
  const [first, second] = system.seen.map(({ query }) => query);
  expect(second).toBe(first);
  expect(first).toContain('$literal0');
});
