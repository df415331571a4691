import { buildASTSchema, execute, parse, print, validate, type GraphQLSchema } from 'graphql';
import { createAuthorize } from './authorize.ts';
import { readSupergraph } from '../supergraph/index.ts';
import type { Credentials } from '@shop/access';
import { supergraphSdl } from '../supergraph/test/access-supergraph.ts';

const supergraph = readSupergraph(supergraphSdl);
const schema: GraphQLSchema = buildASTSchema(parse(supergraph.plannerSdl));
const authorize = createAuthorize(supergraph);

const anonymous: Credentials = { isAuthenticated: false, scopes: new Set() };
const as = (...scopes: string[]): Credentials => ({ isAuthenticated: true, scopes: new Set(scopes) });

const thing = {
  __typename: 'Thing',
  id: 't1',
  label: 'thing',
  price: 3,
  cost: 2,
  owner: { __typename: 'Person', id: 'p1', label: 'Ada', email: 'e' },
};
const tree = {
  ...thing,
  child: { ...thing, id: 't2', child: null },
  children: [
    { ...thing, id: 't3' },
    { ...thing, id: 't4' },
  ],
};
const vault = { __typename: 'Vault', gold: 7 };
const rootValue = {
  open: ({ id }: { id?: string }) => (id === 'none' ? null : tree),
  things: [thing, { ...thing, id: 't5' }],
  maybeThings: [thing, null],
  signedIn: thing,
  mustBeSignedIn: thing,
  staffOnly: 's',
  either: 'e',
  vault,
  node: ({ id }: { id?: string }) => (id === 'p1' ? thing.owner : thing),
  nodes: [thing, thing.owner],
  found: [thing, thing.owner, vault],
  mood: 'GOOD',
  code: 'x',
  change: thing,
  erase: true,
  renew: thing,
};

/** Returns the answer to a caller, and the operation that was executed for it, or undefined if none was. */
function ask(query: string, credentials: Credentials, variables?: Record<string, unknown>, operationName?: string) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const variant = authorize(document, operationName, credentials);
  const run = (executed: typeof document) => {
    const { data, errors } = execute({
      schema,
      document: executed,
      rootValue,
      variableValues: variables,
      operationName,
    }) as { data: never; errors?: unknown };
    expect(errors).toBeUndefined();
    return JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
  };
  if (variant === undefined) return { data: run(document), errors: [], executed: query };
  if (variant.document !== undefined) expect(validate(schema, variant.document).map(String)).toEqual([]);
  const { decided, complete } = variant.completion(credentials, variables);
  const answer = decided ?? complete(run(variant.document as typeof document));
  const errors = answer.errors.map(({ path, extensions }) => `${path?.join('.')} ${String(extensions['code'])}`);
  const executed = decided === undefined && variant.document ? print(variant.document).replace(/\s+/g, ' ') : undefined;
  return { data: answer.data, errors, executed };
}

test('an operation is unchanged if it has no protected fields or the caller may have all of them', () => {
  const document = parse('{ open { id price } }');
  expect(
    authorize(parse('{ open { id label } __schema { types { name } } __typename }'), undefined, anonymous),
  ).toBeUndefined();
  expect(authorize(document, undefined, as('price'))).toBeUndefined();
  expect(authorize(document, undefined, as('other'))).toBeDefined();
});

test('callers with the same missing permissions get the same document', () => {
  const document = parse('{ open { id price } staffOnly }');
  const first = authorize(document, undefined, as('x'));
  expect(authorize(document, undefined, as('y', 'z'))).toBe(first);
  expect(authorize(document, undefined, anonymous)).toBe(first);
  expect(authorize(document, undefined, as('staff'))?.key).not.toBe(first?.key);
});

/** query, credentials, data, errors, executed operation */
type Case = [query: string, credentials: Credentials, data: unknown, errors: string[], executed: string | undefined];
const T = 'access__typename: __typename';

const cases: Case[] = [
  [
    '{ open { id price label } }',
    anonymous,
    { open: { id: 't1', price: null, label: 'thing' } },
    ['open.price UNAUTHENTICATED'],
    '{ open { id label } }',
  ],
  [
    '{ open { id price label } }',
    as('staff'),
    { open: { id: 't1', price: null, label: 'thing' } },
    ['open.price FORBIDDEN'],
    '{ open { id label } }',
  ],
  // No field is left, so no subgraph is called.
  [
    '{ signedIn { id } staffOnly }',
    anonymous,
    { signedIn: null, staffOnly: null },
    ['signedIn UNAUTHENTICATED', 'staffOnly UNAUTHENTICATED'],
    undefined,
  ],
  // Lists of scopes: the caller needs all scopes of any one list.
  ['{ either }', as('a'), { either: null }, ['either FORBIDDEN'], undefined],
  ['{ either }', as('b', 'a'), { either: 'e' }, [], '{ either }'],
  ['{ either }', as('c'), { either: 'e' }, [], '{ either }'],
  [
    '{ either }',
    { isAuthenticated: false, scopes: new Set(['c']) },
    { either: null },
    ['either UNAUTHENTICATED'],
    undefined,
  ],
  // Null propagation: to the parent, to the item of a list, to the list, to the whole answer.
  ['{ open { id cost } }', as(), { open: null }, ['open.cost FORBIDDEN'], '{ open { id } }'],
  [
    '{ open { id child { cost } } }',
    as(),
    { open: { id: 't1', child: null } },
    ['open.child.cost FORBIDDEN'],
    `{ open { id child { ${T} } } }`,
  ],
  [
    '{ maybeThings { cost } }',
    as(),
    { maybeThings: [null, null] },
    ['maybeThings.0.cost FORBIDDEN'],
    `{ maybeThings { ${T} } }`,
  ],
  [
    '{ open { id children { cost } } }',
    as(),
    { open: { id: 't1', children: null } },
    ['open.children.0.cost FORBIDDEN'],
    `{ open { id children { ${T} } } }`,
  ],
  [
    '{ mood: __typename things { cost } }',
    as(),
    null,
    ['things.0.cost FORBIDDEN'],
    `{ mood: __typename things { ${T} } }`,
  ],
  ['{ open { id } mustBeSignedIn { id } }', anonymous, null, ['mustBeSignedIn UNAUTHENTICATED'], undefined],
  // A parent that is null causes no error.
  ['{ open(id: "none") { price } }', as(), { open: null }, [], `{ open(id: "none") { ${T} } }`],
  // Aliases, one field twice, and a list.
  [
    '{ a: open { p: price id } b: staffOnly c: staffOnly }',
    as(),
    { a: { p: null, id: 't1' }, b: null, c: null },
    ['a.p FORBIDDEN', 'b FORBIDDEN', 'c FORBIDDEN'],
    '{ a: open { id } }',
  ],
  [
    '{ things { id price } things { price label } }',
    as(),
    {
      things: [
        { id: 't1', price: null, label: 'thing' },
        { id: 't5', price: null, label: 'thing' },
      ],
    },
    ['things.0.price FORBIDDEN', 'things.1.price FORBIDDEN'],
    '{ things { id } things { label } }',
  ],
  [
    '{ open { access__typename: label price } node { ...on Person { label } } }',
    anonymous,
    { open: { access__typename: 'thing', price: null }, node: {} },
    ['open.price UNAUTHENTICATED'],
    `{ open { access__typename: label } node { access__typename_: __typename } }`,
  ],
  // Fragments: named, inline, nested, and one with no field left.
  [
    'query { open { ...A id } } fragment A on Thing { price ...B } fragment B on Thing { label }',
    as(),
    { open: { price: null, label: 'thing', id: 't1' } },
    ['open.price FORBIDDEN'],
    '{ open { ...A id } } fragment A on Thing { ...B } fragment B on Thing { label }',
  ],
  [
    'query { open { ...A id } } fragment A on Thing { ...B } fragment B on Thing { price }',
    as(),
    { open: { price: null, id: 't1' } },
    ['open.price FORBIDDEN'],
    '{ open { id } }',
  ],
  [
    '{ ... { open { ... on Thing { price } ... { id } } } }',
    as(),
    { open: { price: null, id: 't1' } },
    ['open.price FORBIDDEN'],
    '{ ... { open { ... { id } } } }',
  ],
  // Interfaces: a field that only some implementing types refuse is selected from the other types by name.
  [
    '{ nodes { id label } }',
    anonymous,
    {
      nodes: [
        { id: 't1', label: null },
        { id: 'p1', label: null },
      ],
    },
    ['nodes.0.label UNAUTHENTICATED', 'nodes.1.label UNAUTHENTICATED'],
    `{ nodes { id ${T} } }`,
  ],
  [
    '{ nodes { id ... on Thing { label } ... on Person { label } } }',
    anonymous,
    {
      nodes: [
        { id: 't1', label: 'thing' },
        { id: 'p1', label: null },
      ],
    },
    ['nodes.1.label UNAUTHENTICATED'],
    `{ nodes { id ... on Thing { label } ${T} } }`,
  ],
  [
    '{ nodes { label ... on Thing { label } } }',
    anonymous,
    { nodes: [{ label: 'thing' }, { label: null }] },
    ['nodes.1.label UNAUTHENTICATED'],
    `{ nodes { ... on Thing { label } ${T} } }`,
  ],
  [
    '{ open { ... on Node { label } } }',
    anonymous,
    { open: { label: null } },
    ['open.label UNAUTHENTICATED'],
    `{ open { ${T} } }`,
  ],
  // Unions with one protected member.
  [
    '{ found { __typename ... on Thing { id price } ... on Vault { gold thing { id } } } }',
    as('price'),
    {
      found: [
        { __typename: 'Thing', id: 't1', price: 3 },
        { __typename: 'Person' },
        { __typename: 'Vault', gold: null, thing: null },
      ],
    },
    ['found.2.gold FORBIDDEN', 'found.2.thing FORBIDDEN'],
    `{ found { __typename ... on Thing { id price } ${T} } }`,
  ],
  [
    '{ found { ... on Node { label } } }',
    anonymous,
    { found: [{ label: null }, { label: null }, {}] },
    ['found.0.label UNAUTHENTICATED', 'found.1.label UNAUTHENTICATED'],
    `{ found { ${T} } }`,
  ],
  // Protected types.
  [
    '{ vault { gold } mood code open { id } }',
    as(),
    { vault: null, mood: 'GOOD', code: null, open: { id: 't1' } },
    ['vault FORBIDDEN', 'code FORBIDDEN'],
    '{ mood open { id } }',
  ],
  ['{ mood open { id } }', anonymous, { mood: null, open: { id: 't1' } }, ['mood UNAUTHENTICATED'], '{ open { id } }'],
  [
    '{ open { owner { email } label } }',
    as(),
    { open: { owner: { email: null }, label: 'thing' } },
    ['open.owner.email FORBIDDEN'],
    `{ open { owner { ${T} } label } }`,
  ],
  [
    '{ open { owner { email friend { email } } } }',
    anonymous,
    { open: { owner: null } },
    ['open.owner UNAUTHENTICATED'],
    `{ open { ${T} } }`,
  ],
  // Introspection beside protected fields.
  [
    '{ __schema { queryType { name } } staffOnly __typename }',
    as(),
    { __schema: { queryType: { name: 'Query' } }, staffOnly: null, __typename: 'Query' },
    ['staffOnly FORBIDDEN'],
    '{ __schema { queryType { name } } __typename }',
  ],
  // Mutations: a refused one is not executed. None is executed when the answer could not report the others.
  [
    'mutation { erase change { id price } }',
    as(),
    { erase: null, change: { id: 't1', price: null } },
    ['erase FORBIDDEN', 'change.price FORBIDDEN'],
    'mutation { change { id } }',
  ],
  ['mutation { change { id } renew { id } }', anonymous, null, ['renew UNAUTHENTICATED'], undefined],
];

test.each(cases)('%s', (query, credentials, data, errors, executed) => {
  const answer = ask(query, credentials);
  expect(answer).toEqual({ data, errors, executed });
  // Errors are in the order of the operation.
  expect(JSON.stringify(answer.data)).toBe(JSON.stringify(data));
});

describe('variables', () => {
  const query = `query ($id: ID, $currency: String, $on: Boolean = true, $off: Boolean!) {
    open(id: $id) { id cost(currency: $currency) @include(if: $on) price @skip(if: $off) }
    staffOnly @include(if: $off)
  }`;

  test('are removed when no field uses them', () => {
    expect(ask(query, as(), { on: false, off: true }).executed).toBe('query ($id: ID) { open(id: $id) { id } }');
  });

  test.each([
    [{ off: true }, { open: null, staffOnly: null }, ['open.cost FORBIDDEN', 'staffOnly FORBIDDEN']],
    [{ on: false, off: true }, { open: { id: 't1' }, staffOnly: null }, ['staffOnly FORBIDDEN']],
    [{ on: false, off: false }, { open: { id: 't1', price: null } }, ['open.price FORBIDDEN']],
  ])('decide which fields are included: %j', (variables, data, errors) => {
    expect(ask(query, as(), variables)).toMatchObject({ data, errors });
  });

  test('decide whether fragments with a condition are included', () => {
    const conditional =
      'query ($a: Boolean!) { open { id ...F @include(if: $a) ... @skip(if: $a) { p: price } } } fragment F on Thing { price label }';
    expect(ask(conditional, as(), { a: true })).toMatchObject({
      data: { open: { id: 't1', price: null, label: 'thing' } },
      errors: ['open.price FORBIDDEN'],
    });
    expect(ask(conditional, as(), { a: false })).toMatchObject({
      data: { open: { id: 't1', p: null } },
      errors: ['open.p FORBIDDEN'],
    });
  });

  test('no subgraph is called when no remaining field is included', () => {
    const left = 'query ($a: Boolean!) { staffOnly open @include(if: $a) { id } }';
    expect(ask(left, as(), { a: false })).toEqual({
      data: { staffOnly: null },
      errors: ['staffOnly FORBIDDEN'],
      executed: undefined,
    });
    expect(ask(left, as(), { a: true }).executed).toBe('query ($a: Boolean!) { open @include(if: $a) { id } }');
  });
});

test('executes one of several operations, without the fragments of the others', () => {
  const query = 'query A { ...F } query B { open { id } staffOnly } fragment F on Query { staffOnly }';
  expect(ask(query, as(), undefined, 'B')).toEqual({
    data: { open: { id: 't1' }, staffOnly: null },
    errors: ['staffOnly FORBIDDEN'],
    executed: 'query B { open { id } }',
  });
  expect(ask(query, as(), undefined, 'A').data).toEqual({ staffOnly: null });
});

test('an unknown operation is rejected', () => {
  const document = parse('query A { open { id } } query B { staffOnly }');
  for (const name of [undefined, null, '', 'C'])
    expect(() => authorize(document, name, as())).toThrow('does not have the operation');
});

test('an answer without data stays without data', () => {
  const variant = authorize(parse('{ things { id price } }'), undefined, as());
  expect(variant?.completion(as(), undefined).complete(null)).toEqual({ data: null, errors: [] });
});
