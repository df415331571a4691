import type { Viewer } from '@shop/process';
import type { Resolvers } from '@shop/subgraph';
import { composeSupergraph, type SubgraphSource, type Supergraph } from './index.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const books = `${link}
  scalar Isbn
  type Query { books: [Book!]! book(id: ID!): Book whoami: String }
  type Book @key(fields: "id") { id: ID! title: String! price: Float isbn: Isbn kind: Kind! maker: Maker }
  enum Kind { NOVEL POEM }
  interface Maker { name: String }
  type Author implements Maker { name: String }`;
const reviews = `${link}
  type Query { latest: Review }
  type Review { stars: Int! book: Book }
  type Book @key(fields: "id") { id: ID! reviews: [Review!] }`;

const resolvers: Record<'books' | 'reviews', Resolvers> = {
  books: {
    Query: {
      book: (_root, { id }: { id: string }, { store }: { store: Map<string, object> }) => store.get(id) ?? null,
      whoami: (_root, _args, { viewer }: { viewer: Viewer }) => JSON.stringify([viewer.userId, [...viewer.scopes]]),
    },
    Book: {
      __resolveReference: ({ id }: { id: string }, { store }: { store: Map<string, object> }) => store.get(id) ?? null,
      title: ({ name }: { name: string }) => name.toUpperCase(),
    },
  },
  reviews: { Book: { reviews: () => [{ stars: 5 }] } },
};

const started: Supergraph[] = [];
afterAll(() => Promise.all(started.map((supergraph) => supergraph.stop())));

test('the run of tests keeps @apollo/gateway from reaching for the network', () => {
  expect(process.env['APOLLO_TELEMETRY_DISABLED']).toBe('true');
});

async function start(sources: Partial<Record<'books' | 'reviews', Partial<SubgraphSource>>> = {}): Promise<Supergraph> {
  const supergraph = await composeSupergraph({
    subgraphs: {
      books: { typeDefs: books, resolvers: resolvers.books, ...sources.books },
      reviews: { typeDefs: reviews, resolvers: resolvers.reviews, ...sources.reviews },
    },
  });
  started.push(supergraph);
  return supergraph;
}

test('without any mocks, all data is made up, the same each time, across subgraphs', async () => {
  const supergraph = await start();
  const query = '{ books { id title price kind maker { __typename name } reviews { stars book { title } } } }';
  const { data, errors, calls } = await supergraph.execute<{ books: object[] }>(query);
  expect(errors).toBeUndefined();
  expect(data.books).toHaveLength(2);
  expect(data.books[0]).toMatchObject({
    title: 'some title',
    price: 1.5,
    kind: 'NOVEL',
    maker: { __typename: 'Author', name: 'some name' },
    reviews: [{ stars: 1, book: { title: 'some title' } }, {}],
  });
  expect((await supergraph.execute(query)).data).toEqual(data);
  expect(calls.map(({ service }) => service)).toEqual(['books', 'reviews', 'books']);
  expect(calls[1]).toMatchObject({
    operation: expect.stringContaining('_entities') as unknown,
    variables: { representations: [{ __typename: 'Book' }, {}] },
  });
});

test('with a context the subgraph’s own resolvers run, and a missing member is named', async () => {
  const store = new Map([['1', { id: '1', name: 'Emma' }]]);
  const given = await start({ books: { context: () => ({ store }) } });
  expect((await given.execute('{ book(id: "1") { title reviews { stars } } }')).data).toEqual({
    book: { title: 'EMMA', reviews: [{ stars: 1 }, { stars: 1 }] },
  });
  expect((await given.execute('{ latest { book { title } } }')).data).toEqual({ latest: { book: null } });

  const empty = await start({ books: { context: () => ({}) } });
  expect((await empty.execute('{ book(id: "1") { title } }')).errors).toMatchObject([
    {
      message:
        'The context that the test gives the subgraph books has no "store". Give it, or an answer for the field.',
      path: ['book'],
    },
  ]);
});

test('an answer replaces one field or reference, made up or not', async () => {
  const supergraph = await start({
    books: {
      answers: {
        'Query.book': ({ id }) => (id === '1' ? { id, name: 'Emma' } : null),
        'Book.title': (_args, { parent }) => `About ${parent.id ?? 'any'}`,
        'Book.isbn': () => '978',
      },
    },
  });
  const { data } = await supergraph.execute(
    '{ book(id: "1") { title isbn } none: book(id: "2") { title } books { title } latest { book { title } } }',
  );
  const id = '00000000-0000-4000-8000-000000000001';
  expect(data).toEqual({
    book: { title: 'About 1', isbn: '978' },
    none: null,
    books: [{ title: 'About any' }, { title: 'About any' }],
    latest: { book: { title: `About ${id}` } },
  });
});

test('the viewer is the one that the test gives', async () => {
  const supergraph = await start({ books: { context: () => ({}) } });
  expect((await supergraph.execute('{ whoami }', { as: { userId: 'ada', scopes: ['a', 'b'] } })).data).toEqual({
    whoami: '["ada",["a","b"]]',
  });
  expect((await supergraph.execute('{ whoami }')).data).toEqual({ whoami: '[null,[]]' });
});

test('mistakes of the test are reported', async () => {
  await expect(start({ books: { answers: { 'Query.boks': () => [] } } })).rejects.toThrow(
    'The subgraph books has no Query.boks to answer for.',
  );
  await expect(start({ reviews: { typeDefs: `${link} type Query { a: Nothing }` } })).rejects.toThrow(
    /do not compose|Unknown type/,
  );
  const supergraph = await start();
  expect((await supergraph.execute('{ books { isbn } }')).errors).toMatchObject([
    { message: 'A value of the scalar Isbn cannot be made up: give an answer for the field isbn.' },
    {},
  ]);
  expect((await supergraph.execute('{ nothing }')).errors).toMatchObject([
    { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
  ]);
});
