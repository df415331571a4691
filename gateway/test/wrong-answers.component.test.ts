import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { testResolvers } from './resolvers.ts';
import { execute, startSystem, type System } from './system.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@inaccessible"])';
const schemas = {
  user: `${link} type Query { whoami: String }`,
  product: `${link}
    type Query {
      thing: Thing must: Thing! things: [Thing!] nullables: [Thing] matrix: [[Int!]!]
      count: Int ratio: Float flag: Boolean text: String key: ID color: Color other: Json
      media: Media named: Named limited(first: Int! = 1, filter: Filter = { size: 1 }): String
    }
    input Filter { size: Int! = 1 }
    scalar Json
    enum Color { RED GREEN SECRET @inaccessible }
    interface Media { id: ID! title: String! }
    type Book implements Media { id: ID! title: String! pages: Int }
    type Film implements Media { id: ID! title: String! }
    union Named = Book | Film
    type Thing @key(fields: "id") { id: ID! name: String! note: String child: Thing must: Thing! }`,
  order: `${link}
    type Query { order: Order orders: [Order!]! }
    type Order { id: ID! thing: Thing }
    type Thing @key(fields: "id", resolvable: false) { id: ID! }`,
};

let system: System;
let server: Server;
/** The answer of each subgraph: JSON, or text that is sent as it is. */
let answers: Partial<Record<'product' | 'order', unknown>>;

beforeAll(async () => {
  server = createServer((request, response) => {
    const name = String(request.url?.split('/')[1]) as 'product' | 'order';
    request.resume().once('end', () => {
      const answer = answers[name];
      response.setHeader('content-type', 'application/json');
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = (name: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;
  const subgraphUrls = {
    SUBGRAPH_USER_URL: [at('user')],
    SUBGRAPH_PRODUCT_URL: [at('product')],
    SUBGRAPH_ORDER_URL: [at('order')],
  };
  const resolvers = {
    user: {},
    product: { Media: { __resolveType: () => 'Book' }, Named: { __resolveType: () => 'Book' } },
    order: {},
  };
  system = await startSystem(resolvers as unknown as typeof testResolvers, { schemas, config: { subgraphUrls } });
});
afterAll(async () => {
  await system.close();
  server.closeAllConnections();
  server.close();
});

async function ask(query: string, given: typeof answers) {
  answers = given;
  system.lines.length = 0;
  const { status, data, errors = [], ...rest } = await execute(system.gateway.url, query);
  expect(Object.keys(rest).filter((name) => name !== 'headers')).toEqual([]);
  return { status, data, paths: errors.map(({ path }) => path?.join('.')), errors };
}

test('of a number with more digits than JavaScript has, the nearest one is answered; an ID must be exact', async () => {
  const values =
    '"other":{"n":12345678901234567890.123456789},"ratio":0.12345678901234567890,"text":"9007199254740993"';
  const { data, paths } = await ask('{ other ratio text key }', {
    product: `{"data":{${values},"key":9007199254740993}}`,
  });
  expect(data).toEqual({
    other: { n: 12345678901234567000 },
    ratio: 0.12345678901234568,
    text: '9007199254740993',
    key: null,
  });
  expect(paths).toEqual(['key']);
});

/** Each error is masked, and has nothing of the subgraph. */
function expectMasked(errors: readonly { message: string; extensions: Record<string, unknown> }[]): void {
  for (const { message, extensions } of errors) {
    expect(message).toBe('Something went wrong on our side.');
    expect(extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) as unknown });
  }
}

const thing = '{ id name note }';
const good = { id: '1', name: 'Lamp', note: null };
const media = '{ media { __typename id ... on Book { pages } } }';
const book = { __typename: 'Book', id: '1', pages: 3 };

test.each<[what: string, query: string, answer: unknown, data: unknown, paths: string[]]>([
  [
    'an object for a list',
    `{ things ${thing} text }`,
    { things: good, text: 'a' },
    { things: null, text: 'a' },
    ['things'],
  ],
  ['a list for an object', `{ thing ${thing} }`, { thing: [good] }, { thing: null }, ['thing']],
  ['a scalar for an object', `{ thing ${thing} }`, { thing: 7 }, { thing: null }, ['thing']],
  ['a scalar for an object that must be', `{ must ${thing} }`, { must: 'x' }, null, ['must']],
  ['an object for a scalar', '{ text count }', { text: {}, count: 1 }, { text: null, count: 1 }, ['text']],
  ['a list for a scalar', '{ text }', { text: ['a'] }, { text: null }, ['text']],
  ['a text for Int', '{ count ratio }', { count: '1', ratio: '1.5' }, { count: null, ratio: null }, ['count', 'ratio']],
  ['a fraction for Int', '{ count }', { count: 1.5 }, { count: null }, ['count']],
  ['an Int out of range', '{ count }', { count: 2 ** 31 }, { count: null }, ['count']],
  ['a number for String', '{ text flag }', { text: 1, flag: 1 }, { text: null, flag: null }, ['text', 'flag']],
  ['a boolean for ID', '{ key }', { key: true }, { key: null }, ['key']],
  ['an unknown value of an enum', '{ color }', { color: 'BLUE' }, { color: null }, ['color']],
  ['a number for an enum', '{ color }', { color: 0 }, { color: null }, ['color']],
  ['a value of an enum that is not in the API', '{ color }', { color: 'SECRET' }, { color: null }, ['color']],
  ['an unknown type for an interface', media, { media: { ...book, __typename: 'Song' } }, { media: null }, ['media']],
  ['a type of no object', media, { media: { ...book, __typename: 7 } }, { media: null }, ['media']],
  ['the interface itself', media, { media: { ...book, __typename: 'Media' } }, { media: null }, ['media']],
  [
    'an object type that does not belong',
    media,
    { media: { ...book, __typename: 'Thing' } },
    { media: null },
    ['media'],
  ],
  ['no type for an interface', media, { media: { id: '1' } }, { media: null }, ['media']],
  [
    'another type for an object',
    `{ thing { __typename id } }`,
    { thing: { __typename: 'Book', id: '1' } },
    { thing: null },
    ['thing'],
  ],
  ['a missing field', `{ thing ${thing} }`, { thing: { id: '1', name: 'Lamp' } }, { thing: good }, ['thing.note']],
  [
    'a missing field that must be',
    `{ thing ${thing} text }`,
    { thing: { id: '1', note: '' }, text: '' },
    { thing: null, text: '' },
    ['thing.name'],
  ],
  ['a missing root field', `{ text count }`, { text: 'a' }, { text: 'a', count: null }, ['count']],
  [
    'null for a field that must be',
    `{ thing ${thing} }`,
    { thing: { ...good, name: null } },
    { thing: null },
    ['thing.name'],
  ],
  ['null for a root field that must be', `{ must ${thing} text }`, { must: null, text: 'a' }, null, ['must']],
  [
    'null that goes up several places',
    `{ thing { id child { must { must ${thing} } } } }`,
    { thing: { id: '1', child: { must: { must: { ...good, id: null } } } } },
    { thing: { id: '1', child: null } },
    ['thing.child.must.must.id'],
  ],
  [
    'null in a list of what must be',
    `{ things ${thing} text }`,
    { things: [good, null], text: '' },
    { things: null, text: '' },
    ['things.1'],
  ],
  [
    'faults in several items',
    `{ nullables ${thing} }`,
    { nullables: [{ ...good, name: null }, good, 5, null, { ...good, note: 5 }] },
    { nullables: [null, good, null, null, good] },
    ['nullables.0.name', 'nullables.2', 'nullables.4.note'],
  ],
  ['a fault in a list of lists', '{ matrix }', { matrix: [[1], ['2']] }, { matrix: null }, ['matrix.1.0']],
  ['an alias that is missing', '{ a: text b: text }', { a: 'x' }, { a: 'x', b: null }, ['b']],
])('%s becomes null with an error at its place', async (_what, query, answer, data, paths) => {
  const result = await ask(query, { product: { data: answer } });
  expect(result).toMatchObject({ status: 200, paths });
  expect(result.data).toEqual(data);
  expectMasked(result.errors);
});

test.each<[what: string, query: string, answer: unknown, data: unknown]>([
  ['fields that nobody asked for', '{ text }', { text: 'a', more: { deep: [1] }, thing: 5 }, { text: 'a' }],
  ['__proto__ as a field', '{ text }', '{"data":{"text":"a","__proto__":{"text":"b","polluted":true}}}', { text: 'a' }],
  ['a custom scalar of any form', '{ other }', { other: { a: [1, null] } }, { other: { a: [1, null] } }],
  ['a number for ID and Float', '{ key ratio }', { key: 7, ratio: 7 }, { key: 7, ratio: 7 }],
  [
    'nulls where they may be',
    '{ thing { id } nullables { id } count }',
    { thing: null, nullables: [null], count: null },
    { thing: null, nullables: [null], count: null },
  ],
  ['a field under a condition', '{ text @skip(if: true) count }', { count: 1 }, { count: 1 }],
  [
    'a member of a union',
    '{ named { ... on Book { pages } ... on Film { title } } }',
    { named: { __typename: 'Film', title: 'Up' } },
    { named: { title: 'Up' } },
  ],
])('%s is no fault', async (_what, query, answer, data) => {
  const result = await ask(query, { product: typeof answer === 'string' ? answer : { data: answer } });
  expect(result).toMatchObject({ status: 200, errors: [] });
  expect(result.data).toEqual(data);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

describe('entities', () => {
  const query = '{ orders { id thing { name note } } }';
  const order = {
    data: { orders: [1, 2, 3].map((n) => ({ id: String(n), thing: { __typename: 'Thing', id: String(n) } })) },
  };
  const entities = (list: unknown) => ({ order, product: { data: { _entities: list } } });
  const lamp = { name: 'Lamp', note: null };
  const withThings = (...things: unknown[]) => ({
    orders: things.map((found, n) => ({ id: String(n + 1), thing: found })),
  });

  test.each<[what: string, list: unknown, data: unknown, paths: string[]]>([
    ['too few', [lamp, lamp], withThings(null, null, null), ['orders.0.thing', 'orders.1.thing', 'orders.2.thing']],
    [
      'too many',
      [lamp, lamp, lamp, lamp],
      withThings(null, null, null),
      ['orders.0.thing', 'orders.1.thing', 'orders.2.thing'],
    ],
    ['no list', { 0: lamp }, withThings(null, null, null), ['orders.0.thing', 'orders.1.thing', 'orders.2.thing']],
    ['one without a name', [lamp, { note: null }, lamp], withThings(lamp, null, lamp), ['orders.1.thing.name']],
    [
      'one with a wrong value',
      [lamp, { ...lamp, note: 7 }, lamp],
      withThings(lamp, lamp, lamp),
      ['orders.1.thing.note'],
    ],
    ['one that is a text', [lamp, 'Lamp', lamp], withThings(lamp, null, lamp), ['orders.1.thing']],
    [
      'one of another type',
      [lamp, { ...lamp, __typename: 'Book' }, lamp],
      withThings(lamp, null, lamp),
      ['orders.1.thing'],
    ],
  ])('of a wrong form: %s', async (_what, list, data, paths) => {
    const result = await ask(query, entities(list));
    expect(result).toMatchObject({ status: 200, paths });
    expect(result.data).toEqual(data);
    expectMasked(result.errors);
  });

  test('that are missing are no fault: the reference to them is null', async () => {
    const result = await ask(query, entities([lamp, null, lamp]));
    expect(result).toMatchObject({ status: 200, errors: [] });
    expect(result.data).toEqual(withThings(lamp, null, lamp));
  });

  test('that are missing are no fault where each field may be null', async () => {
    const result = await ask('{ orders { thing { note } } }', entities([{ note: 'a' }, null, { note: 'c' }]));
    expect(result).toMatchObject({ status: 200, errors: [] });
    expect(result.data).toEqual({
      orders: [{ thing: { note: 'a' } }, { thing: { note: null } }, { thing: { note: 'c' } }],
    });
  });
});

describe('errors of a wrong form', () => {
  const forbidden = { message: 'No.', extensions: { code: 'FORBIDDEN' } };

  test.each<[what: string, answer: unknown, data: unknown, paths: (string | undefined)[], code: string]>([
    ['no list', { data: { text: 'a' }, errors: {} }, { text: null }, ['text'], 'SERVICE_UNAVAILABLE'],
    ['null items', { data: { text: 'a' }, errors: [null] }, { text: null }, ['text'], 'SERVICE_UNAVAILABLE'],
    ['no message', { data: { text: 'a' }, errors: [{}] }, { text: null }, ['text'], 'SERVICE_UNAVAILABLE'],
    ['a text as data', { data: 'text' }, { text: null }, ['text'], 'SERVICE_UNAVAILABLE'],
    ['a list as data', { data: [] }, { text: null }, ['text'], 'SERVICE_UNAVAILABLE'],
    ['no JSON', '<html>', { text: null }, ['text'], 'SERVICE_UNAVAILABLE'],
    [
      'a text as path',
      { data: { text: null }, errors: [{ ...forbidden, path: 'text' }] },
      { text: null },
      [undefined],
      'FORBIDDEN',
    ],
    [
      'objects in the path',
      { data: null, errors: [{ ...forbidden, path: [{}] }] },
      { text: null },
      [undefined],
      'FORBIDDEN',
    ],
    [
      'a number as path, without data',
      { errors: [{ ...forbidden, path: 5 }] },
      { text: null },
      [undefined],
      'FORBIDDEN',
    ],
    [
      'an object as code',
      { data: { text: null }, errors: [{ message: 'x', path: ['text'], extensions: { code: {} } }] },
      { text: null },
      ['text'],
      'INTERNAL_SERVER_ERROR',
    ],
  ])('%s', async (_what, answer, data, paths, code) => {
    const result = await ask('{ text }', { product: answer });
    expect(result).toMatchObject({ status: 200, paths });
    expect(result.data).toEqual(data);
    expect(result.errors.map(({ extensions }) => extensions['code'])).toEqual(paths.map(() => code));
  });

  test('null that an error explains gets no second one', async () => {
    const error = { ...forbidden, path: ['thing', 'name'] };
    const result = await ask(`{ thing ${thing} }`, { product: { data: { thing: null }, errors: [error] } });
    expect([result.data, result.paths]).toEqual([{ thing: null }, ['thing.name']]);
    const unpropagated = { data: { thing: { ...good, name: null } }, errors: [error] };
    const again = await ask(`{ thing ${thing} }`, { product: unpropagated });
    expect([again.data, again.paths]).toEqual([{ thing: null }, ['thing.name']]);
  });

  test('a fault beside an error has its own', async () => {
    const answer = { data: { thing: null, count: 'many' }, errors: [{ ...forbidden, path: ['thing'] }] };
    const result = await ask('{ thing { id } count }', { product: answer });
    expect([result.data, result.paths]).toEqual([{ thing: null, count: null }, ['thing', 'count']]);
  });
});

test('an alias of the name __proto__ is a field like any other', async () => {
  const result = await ask('{ __proto__: text thing { __proto__: name } }', {
    product: '{"data":{"__proto__":"a","thing":{"__proto__":"Lamp"}}}',
  });
  expect(result.errors).toEqual([]);
  expect(JSON.stringify(result.data)).toBe('{"__proto__":"a","thing":{"__proto__":"Lamp"}}');
  const faulty = await ask('{ __proto__: text }', { product: '{"data":{"__proto__":7}}' });
  expect([JSON.stringify(faulty.data), faulty.paths]).toEqual(['{"__proto__":null}', ['__proto__']]);
});

test('each call with faults is logged once, with the subgraph', async () => {
  await ask('{ count text flag }', { product: { data: { count: 'x', text: 1, flag: 'y' } } });
  expect(system.lines.filter(({ msg }) => msg === 'product answered against the schema')).toMatchObject([
    {
      level: 'error',
      subgraph: 'product',
      faults: 3,
      places: ['count: no Int', 'text: no String', 'flag: no Boolean'],
    },
  ]);
});

test('thousands of faults are answered with 100 errors', async () => {
  const nullables = Array.from({ length: 5_000 }, () => 7);
  const result = await ask('{ nullables { id } }', { product: { data: { nullables } } });
  expect(result.errors).toHaveLength(100);
  expect(result.data).toEqual({ nullables: nullables.map(() => null) });
});

describe('null for an argument that needs a value', () => {
  const send = async (query: string, variables: object) => {
    answers = { product: { data: { limited: 'a' } } };
    const { status, data, errors = [] } = await execute(system.gateway.url, query, {}, { ...variables });
    return { status, data, codes: errors.map(({ extensions }) => extensions['code']) };
  };

  test.each([
    ['query ($n: Int) { limited(first: $n) }', { n: null }],
    ['query ($n: Int = 5) { limited(first: $n) }', { n: null }],
    ['query ($n: Int) { limited(filter: { size: $n }) }', { n: null }],
    ['query ($n: Int!) { limited(first: $n) }', { n: null }],
    ['query ($n: Int!) { limited(first: $n) }', {}],
    ['query ($f: Filter) { limited(filter: $f) }', { f: { size: null } }],
  ])('is a mistake of the client: %s with %j', async (query, variables) => {
    expect(await send(query, variables)).toEqual({ status: 400, data: undefined, codes: ['BAD_USER_INPUT'] });
  });

  test.each([
    ['query ($n: Int) { limited(first: $n) }', {}],
    ['query ($f: Filter) { limited(filter: $f) }', { f: null }],
    ['query ($f: Filter) { limited(filter: $f) }', { f: {} }],
  ])('is none where the default or null is allowed: %s with %j', async (query, variables) => {
    expect(await send(query, variables)).toEqual({ status: 200, data: { limited: 'a' }, codes: [] });
  });
});
