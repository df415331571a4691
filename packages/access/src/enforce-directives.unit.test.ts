import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import { anonymous, type Viewer } from '@shop/process';
import type { Resolvers } from '@shop/subgraph';
import { enforceDirectives } from './enforce-directives.ts';

const link = (imports: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", ${imports}])`;
const body = (authenticated: string, requiresScopes: string) => `
  type Query { free: String mine: String ${authenticated} staff: String ${requiresScopes}(scopes: [["a", "b"], ["c"]])
    one: String ${requiresScopes}(scopes: [["c"]]) none: String ${requiresScopes}(scopes: [])
    vault: Vault vaults: [Vault!] hidden: Hidden mood: Mood any: Any plain: String ${authenticated} }
  type Mutation { erase: Boolean ${authenticated} }
  type Vault @key(fields: "id") ${authenticated} { id: ID! gold: Int ${requiresScopes}(scopes: [["c"]]) }
  type Open @key(fields: "id") { id: ID! secret: String ${authenticated} }
  type Hidden { id: ID }
  extend type Hidden ${authenticated} { note: String }
  enum Mood ${authenticated} { GOOD }
  union Any = Vault | Open
`;

const called: string[] = [];
const resolvers: Resolvers = {
  Query: Object.fromEntries(
    ['free', 'mine', 'staff', 'one', 'none'].map((name) => [name, () => (called.push(name), name)]),
  ) as Record<string, () => unknown>,
  Mutation: { erase: () => called.push('erase') > 0 },
  Vault: {
    __resolveReference: ({ id }: { id: string }) => (called.push(`Vault ${id}`), { id, gold: 7 }),
    gold: () => 7,
  },
  Open: { __resolveReference: ({ id }: { id: string }) => ({ id, secret: 's' }) },
};
const rootValue = {
  vault: { id: 'v', gold: 7 },
  vaults: [{ id: 'v' }],
  hidden: { id: 'h' },
  mood: 'GOOD',
  plain: 'p',
  any: { __typename: 'Vault', id: 'v' },
};

function build(typeDefs: string) {
  const document = parse(typeDefs);
  const schema = buildSubgraphSchema([{ typeDefs: document, resolvers }]);
  enforceDirectives(schema, document, (context) => (context as { viewer: Viewer }).viewer);
  return schema;
}

const variants = {
  imported: build(link('"@authenticated", "@requiresScopes"') + body('@authenticated', '@requiresScopes')),
  renamed: build(
    link('{ name: "@authenticated", as: "@signedIn" }, { name: "@requiresScopes", as: "@needs" }') +
      body('@signedIn', '@needs'),
  ),
  'not imported': build(link('"@shareable"') + body('@federation__authenticated', '@federation__requiresScopes')),
};
const signedIn = (...scopes: string[]): Viewer => ({ userId: 'u1', sessionId: null, scopes: new Set(scopes) });

async function ask(schema: (typeof variants)['imported'], source: string, viewer: Viewer) {
  called.length = 0;
  const { data, errors } = await graphql({ schema, source, rootValue, contextValue: { viewer } });
  return {
    data: JSON.parse(JSON.stringify(data ?? null)) as unknown,
    errors: errors?.map(({ path, extensions }) => `${path?.join('.')} ${String(extensions['code'])}`) ?? [],
    called,
  };
}

const entity = (type: string, fields: string) =>
  `{ _entities(representations: [{ __typename: "${type}", id: "1" }, { __typename: "Open", id: "2" }]) { ... on ${type} ${fields} } }`;

describe.each(Object.entries(variants))('directives that are %s', (_name, schema) => {
  test.each([
    ['{ free mine }', anonymous, { free: 'free', mine: null }, ['mine UNAUTHENTICATED'], ['free']],
    ['{ mine }', signedIn(), { mine: 'mine' }, [], ['mine']],
    ['{ staff one }', anonymous, { staff: null, one: null }, ['staff UNAUTHENTICATED', 'one UNAUTHENTICATED'], []],
    ['{ staff one }', signedIn('a'), { staff: null, one: null }, ['staff FORBIDDEN', 'one FORBIDDEN'], []],
    ['{ staff one }', signedIn('b', 'a'), { staff: 'staff', one: null }, ['one FORBIDDEN'], ['staff']],
    [
      '{ staff one none }',
      signedIn('c'),
      { staff: 'staff', one: 'one', none: null },
      ['none FORBIDDEN'],
      ['staff', 'one'],
    ],
    ['mutation { erase }', anonymous, { erase: null }, ['erase UNAUTHENTICATED'], []],
    // Fields that return a protected type: an object, a list of it, an enum, a type whose extension has the directive.
    [
      '{ vault { id } vaults { id } mood hidden { id } }',
      anonymous,
      { vault: null, vaults: null, mood: null, hidden: null },
      ['vault UNAUTHENTICATED', 'vaults UNAUTHENTICATED', 'mood UNAUTHENTICATED', 'hidden UNAUTHENTICATED'],
      [],
    ],
    [
      '{ vault { id gold } mood }',
      signedIn(),
      { vault: { id: 'v', gold: null }, mood: 'GOOD' },
      ['vault.gold FORBIDDEN'],
      [],
    ],
    // Each field of a union's members.
    [
      '{ any { __typename ... on Vault { gold } } }',
      anonymous,
      { any: { __typename: 'Vault', gold: null } },
      ['any.gold UNAUTHENTICATED'],
      [],
    ],
    // A default resolver is guarded as well.
    ['{ plain }', anonymous, { plain: null }, ['plain UNAUTHENTICATED'], []],
    // References: a rejected one does not affect others.
    [entity('Vault', '{ id }'), anonymous, { _entities: [null, {}] }, ['_entities.0 UNAUTHENTICATED'], []],
    [entity('Vault', '{ id gold }'), signedIn('c'), { _entities: [{ id: '1', gold: 7 }, {}] }, [], ['Vault 1']],
    [
      entity('Open', '{ id secret }'),
      anonymous,
      {
        _entities: [
          { id: '1', secret: null },
          { id: '2', secret: null },
        ],
      },
      ['_entities.0.secret UNAUTHENTICATED', '_entities.1.secret UNAUTHENTICATED'],
      [],
    ],
  ] as [string, Viewer, unknown, string[], string[]][])('%s %j', async (query, viewer, data, errors, reached) => {
    const answer = await ask(schema, query, viewer);
    expect(answer.data).toEqual(data);
    expect([...answer.errors].sort()).toEqual([...errors].sort());
    expect(answer.called).toEqual(reached);
  });
});

test('the error names the scopes', async () => {
  const { errors } = await graphql({
    schema: variants.imported,
    source: '{ one staff }',
    contextValue: { viewer: signedIn() },
  });
  expect(errors?.map(({ message, extensions }) => [message, extensions])).toEqual([
    ['This needs the scope c.', { code: 'FORBIDDEN', scope: 'c' }],
    ['This needs the scopes a and b, or c.', { code: 'FORBIDDEN' }],
  ]);
});

test('@policy is rejected, since nothing would enforce it', () => {
  expect(() => build(`${link('"@policy"')} type Query { a: String @policy(policies: [["x"]]) }`)).toThrow('@policy');
});
