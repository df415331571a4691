import { createRandom, type Random } from '@shop/testing';
import { chooseSize } from '@shop/testing/config';
import {
  buildSchema,
  execute,
  type ExecutionResult,
  getNamedType,
  getOperationAST,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isLeafType,
  isObjectType,
  parse,
  responsePathAsArray,
  validate,
} from 'graphql';
import { CompiledOperation, type PlainFields } from './compiled-operation.ts';
import type { Preload } from './resolvers.ts';

const sdl = `
  type Query {
    node: Node
    nodes: [Node!]!
    maybe: [Node]
    any: Any
    anys(n: Int = 2, kind: Kind): [Any]
    thing(id: ID, deep: Deep): Thing
    must: Thing!
    others: [Other]
    allOthers: [Other!]!
    text: String
  }
  type Mutation { act(n: Int!): Thing actAll: [Any] actOnAll: [Other!]! mustAct: Thing! count: Int }
  interface Node { id: ID! name: String next: Node }
  type Thing implements Node {
    id: ID!
    name: String
    next: Node
    count: Int!
    price: Float
    ok: Boolean
    kind: Kind
    kinds: [Kind!]
    tags: [String!]!
    matrix: [[Int]]
    sub: Thing
    subs(first: Int!): [Thing!]!
    other: Other!
  }
  type Other implements Node { id: ID! name: String next: Node value: Int! thing: Thing }
  union Any = Thing | Other
  enum Kind { A B }
  input Deep { x: Int! }
`;

const plainFields: PlainFields = {
  isPlain: (field) => field.resolve === undefined && isLeafType(getNamedType(field.type)),
  take: (_context, _field, value) => value,
};

/** The same number for the same text. */
function hash(text: string): number {
  let value = 2166136261;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 16777619);
  return value >>> 0;
}

const chance = (random: Random, percent: number): boolean => random.below(100) < percent;

/** A member of an object, nearly always one that fits. */
function makeLeaf(random: Random, fitting: unknown): unknown {
  const odd = [
    null,
    undefined,
    { not: 'a leaf' },
    Number.NaN,
    new Error('boom member'),
    () => fitting,
    () => Promise.resolve(fitting),
    () => Promise.reject(new Error('boom promise')),
    () => {
      throw new Error('boom function');
    },
    Promise.resolve(fitting),
  ];
  return chance(random, 12) ? random.pick(odd) : fitting;
}

function makeObject(random: Random, typename: string): Record<string, unknown> {
  const members = {
    id: random.below(1_000),
    name: `name ${random.below(10)}`,
    count: random.below(10),
    price: 1.5,
    ok: true,
    kind: 'A',
    kinds: ['A', chance(random, 10) ? 'C' : 'B'],
    tags: ['x', chance(random, 10) ? null : 'y'],
    matrix: [[1, null], null, [chance(random, 10) ? Promise.resolve(3) : 3]],
    value: random.below(10),
    text: 'text',
  };
  const names = ['Nothing', 'Query', undefined];
  return {
    __typename: chance(random, 4) ? random.pick(names) : typename,
    isFake: chance(random, 4),
    ...Object.fromEntries(Object.entries(members).map(([name, value]) => [name, makeLeaf(random, value)])),
  };
}

/** A resolver of objects. Its outcome depends on the seed and the place alone, so that both executions have the same. */
function resolveObjects(seed: number) {
  return (_source: unknown, args: object, _context: unknown, info: GraphQLResolveInfo): unknown => {
    const random = createRandom(hash(`${seed} ${responsePathAsArray(info.path).join('.')} ${JSON.stringify(args)}`));
    const typename = /Thing/.test(String(info.returnType)) ? 'Thing' : random.pick(['Thing', 'Other']);
    const one = (): unknown => {
      const object = chance(random, 5)
        ? null
        : makeObject(random, /Other/.test(String(info.returnType)) ? 'Other' : typename);
      // When an item that must not be null fails at once, graphql-js drops the promises of the others, and their rejections end a process.
      const isPromise = /!\]/.test(String(info.returnType)) || chance(random, 20);
      return isPromise ? Promise.resolve(object) : object;
    };
    const value = String(info.returnType).startsWith('[') ? Array.from({ length: random.below(4) }, one) : one();
    if (chance(random, 3)) throw new Error('boom thrown');
    if (chance(random, 3)) return new Error('boom returned');
    if (chance(random, 3)) return Promise.reject(new Error('boom rejected'));
    if (chance(random, 3)) return 'not an object';
    return chance(random, 40) ? Promise.resolve(value) : value;
  };
}

function createSchema(seed: number): GraphQLSchema {
  const schema = buildSchema(sdl);
  const random = createRandom(seed);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields()))
      if (!isLeafType(getNamedType(field.type))) field.resolve = resolveObjects(seed);
      // Some leaves have a resolver too.
      else if (chance(random, 20))
        field.resolve = async (source: Record<string, unknown> | undefined) => source?.[field.name];
  }
  const other = schema.getType('Other');
  if (isObjectType(other))
    other.isTypeOf = ({ isFake, id }: { isFake?: boolean; id?: unknown }) =>
      typeof id === 'number' && id % 3 === 0 ? Promise.resolve(isFake !== true) : isFake !== true;
  return schema;
}

const leaves: Readonly<Record<string, readonly string[]>> = {
  Query: ['text'],
  Node: ['id', 'name'],
  Thing: ['id', 'name', 'count', 'price', 'ok', 'kind', 'kinds', 'tags', 'matrix'],
  Other: ['id', 'name', 'value'],
  Any: [],
};
const objects: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  Query: [
    ['node', 'Node'],
    ['nodes', 'Node'],
    ['maybe', 'Node'],
    ['any', 'Any'],
    ['anys', 'Any'],
    ['anys(n: $n)', 'Any'],
    ['anys(n: 3, kind: $kind)', 'Any'],
    ['thing(id: 7, deep: { x: $n })', 'Thing'],
    ['must', 'Thing'],
    ['others', 'Other'],
    ['allOthers', 'Other'],
  ],
  Node: [['next', 'Node']],
  Thing: [
    ['next', 'Node'],
    ['sub', 'Thing'],
    ['subs(first: 2)', 'Thing'],
    ['subs(first: $n)', 'Thing'],
    ['other', 'Other'],
  ],
  Other: [
    ['next', 'Node'],
    ['thing', 'Thing'],
  ],
  Any: [],
};
const narrower: Readonly<Record<string, readonly string[]>> = {
  Query: ['Query'],
  Node: ['Node', 'Thing', 'Other'],
  Thing: ['Thing', 'Node', 'Any'],
  Other: ['Other', 'Node', 'Any'],
  Any: ['Thing', 'Other', 'Node'],
};

function writeSelection(random: Random, type: string, depth: number): string {
  const directive = (): string =>
    chance(random, 15)
      ? ` @${random.pick(['skip', 'include'])}(if: ${random.pick(['$yes', '$no', 'true', 'false'])})`
      : '';
  const parts = Array.from({ length: 1 + random.below(4) }, () => {
    const kind = random.below(10);
    if (kind < 4 || depth === 0) {
      const leaf = chance(random, 10) ? '__typename' : (random.pick([...(leaves[type] ?? []), '__typename']) as string);
      // An alias that names the same field of each type cannot be in conflict.
      const alias = chance(random, 3) ? '__proto__: ' : chance(random, 30) ? `${leaf}_${type}: ` : '';
      return `${alias}${leaf}${directive()}`;
    }
    if (kind < 7 && (objects[type] ?? []).length > 0) {
      const [field, below] = random.pick(objects[type] ?? []);
      const key = field.replaceAll(/\W+/g, '_');
      return `${key}_${type}: ${field}${directive()} ${writeSelection(random, below, depth - 1)}`;
    }
    if (kind < 9) {
      const narrow = random.pick(narrower[type] ?? []);
      return `...${chance(random, 80) ? ` on ${narrow}` : ''}${directive()} ${writeSelection(random, narrow, depth - 1)}`;
    }
    return type === 'Query' ? '...OfQuery' : `... on ${random.pick(['Thing', 'Other'])} { id }`;
  });
  return `{ ${parts.join(' ')} }`;
}

const variables = { yes: true, no: false, n: 2, kind: 'B' };
/** The third answer needs the fields of the first. */
const inTurn = [variables, { ...variables, yes: false, no: true, n: 1 }, variables];

const definitions = '$yes: Boolean!, $no: Boolean!, $n: Int!, $kind: Kind';

const writeQuery = (random: Random): string =>
  `query Q(${definitions}) ${writeSelection(random, 'Query', 5)}
   fragment OfQuery on Query ${writeSelection(random, 'Query', 2)}
   query Uses(${definitions}) {
     ...OfQuery
     x: anys(n: $n, kind: $kind) @skip(if: $yes) { __typename }
     y: text @skip(if: $no)
   }`;

const writeMutation = (random: Random): string => {
  const [field, below] = random.pick([
    ['act(n: $n)', 'Thing'],
    ['actAll', 'Any'],
    ['actOnAll', 'Other'],
    ['mustAct', 'Thing'],
  ] as const);
  const condition = chance(random, 20) ? ' @include(if: $yes)' : '';
  const typename = chance(random, 50) ? '__typename' : '';
  return `mutation Q(${definitions}) { ${typename} x: ${field}${condition} ${writeSelection(random, below, 4)} }
   fragment OfQuery on Query { text }`;
};

/** The path of what an error made null: its own place, or one above it. */
function findNulled(data: unknown, path: readonly (string | number)[]): string {
  let at = data;
  for (const [index, key] of path.entries()) {
    if (at == null) return path.slice(0, index).join('.');
    at = (at as Record<string | number, unknown>)[key];
  }
  return path.join('.');
}

/** Errors may come in another order. Of those that graphql-js words itself, only the place counts. */
function normalise({ data, errors = [] }: ExecutionResult) {
  const told = errors.map(({ message, path = [], locations, originalError }) => {
    const text = /^(boom|Cannot return null)/.test(message) ? message : 'another message';
    const nulled = findNulled(data, path);
    return { nulled, text: JSON.stringify([text, path, locations, originalError?.constructor.name]), path };
  });
  const own = told.filter(({ nulled, path }) => nulled === path.join('.'));
  return {
    data: JSON.stringify(data),
    errors: told.map(({ text }) => text).sort(),
    /** Each place that is null by an error. */
    nulled: [...new Set(told.map(({ nulled }) => nulled))].sort(),
    /** The errors of these places themselves. */
    own: own.map(({ text }) => text).sort(),
  };
}

test.each([
  ['queries', writeQuery],
  ['mutations', writeMutation],
])('random %s have the answers and the errors of graphql-js', async (_name, write) => {
  let [valid, equal, withErrors, withPromises, withData, preloaded] = [0, 0, 0, 0, 0, 0];
  for (let seed = 1; seed <= chooseSize({ short: 1_000, long: 30_000 }); seed += 1) {
    const schema = createSchema(seed);
    const text = write(createRandom(seed * 7_919));
    const document = parse(text);
    // Some generated selections are in conflict with each other.
    if (validate(schema, document).some(({ message }) => !message.includes('never used'))) continue;
    valid += 1;
    const operation = getOperationAST(document, 'Q');
    if (operation == null) throw new Error('There is no operation.');
    const Other: Preload = (others, _context, selected) => {
      preloaded += 1;
      for (const other of others) if (typeof other !== 'object' || other === null) throw new Error('No object.');
      return [selected.has('value') && Promise.resolve(), others.length > 1 && new Promise(setImmediate)];
    };
    const compiled = new CompiledOperation({ schema, plainFields, preloads: { Other } }, document, operation);
    for (const variableValues of inTurn) {
      const expected = await execute({ schema, document, operationName: 'Q', variableValues });
      const answer = compiled.execute(undefined, variableValues);
      if (answer instanceof Promise) withPromises += 1;
      const actual = await answer;
      if (actual === undefined) throw new Error(`Not compiled: ${text}`);
      const [told, toldByGraphqlJs] = [normalise(actual), normalise(expected)];
      try {
        // Two errors may make the same place null. One of them is told, and which one came first is a matter of promises. So are errors of
        // places that are in no answer, since an error above them came soon after.
        expect({ ...told, errors: [] }).toEqual({ ...toldByGraphqlJs, errors: [] });
      } catch (error) {
        throw new Error(`Seed ${seed}: ${text}`, { cause: error });
      }
      if (JSON.stringify(told.errors) === JSON.stringify(toldByGraphqlJs.errors)) equal += 1;
      if (expected.errors !== undefined) withErrors += 1;
      if (expected.data != null) withData += 1;
    }
  }
  // The cases are worth something.
  for (const count of [withErrors, withPromises, withData, preloaded]) expect(count).toBeGreaterThan(valid / 10);
  expect(valid).toBeGreaterThan(300);
  expect(equal).toBeGreaterThan(valid * inTurn.length * 0.9);
});

test('a mutation of several fields is left to graphql-js, which executes one after the other', () => {
  const schema = createSchema(1);
  const run = (text: string, variableValues = {}) => {
    const document = parse(text);
    const operation = getOperationAST(document);
    if (operation == null) throw new Error('There is no operation.');
    const compilable = { schema, plainFields, preloads: {} };
    return new CompiledOperation(compilable, document, operation).execute(undefined, variableValues);
  };
  expect(run('mutation { count again: count }')).toBeUndefined();
  const either = 'mutation ($both: Boolean!) { count again: count @include(if: $both) }';
  expect(run(either, { both: true })).toBeUndefined();
  expect(run(either, { both: false })).toBeDefined();
});

test('what the objects of a list need is loaded before their fields are resolved', async () => {
  const schema = buildSchema('type Query { things: [Thing!]! } type Thing { id: ID! a: Int b: Int c: Int }');
  const fields = (name: string) => {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new Error('It is no object type.');
    return type.getFields();
  };
  const calls: string[] = [];
  Object.assign(fields('Query')['things'] ?? {}, { resolve: () => [{ id: '1' }, { id: '2' }] });
  Object.assign(fields('Thing')['a'] ?? {}, {
    resolve: ({ id }: { id: string }) => {
      calls.push(`a of ${id}`);
      return 1;
    },
  });
  const Thing: Preload<{ readonly id: string }> = (things, context, selected) => [
    selected.has('a') &&
      new Promise((resolve) => {
        setImmediate(() => {
          calls.push(`${[...selected].join()} for ${things.map(({ id }) => id).join()} in ${String(context)}`);
          resolve();
        });
      }),
    selected.has('b') && Promise.reject(new Error('Nobody asked for b.')),
  ];
  const run = async (text: string, variables = {}) => {
    const document = parse(text);
    const operation = getOperationAST(document);
    if (operation == null) throw new Error('There is no operation.');
    const { data } =
      (await new CompiledOperation({ schema, plainFields, preloads: { Thing } }, document, operation).execute(
        'the context',
        variables,
      )) ?? {};
    return data;
  };
  const query = 'query ($b: Boolean!) { things { x: a b @include(if: $b) ...F } } fragment F on Thing { id }';
  expect(await run(query, { b: false })).toEqual({
    things: [
      { x: 1, id: '1' },
      { x: 1, id: '2' },
    ],
  });
  expect(calls).toEqual(['a,id for 1,2 in the context', 'a of 1', 'a of 2']);
  expect(await run('{ things { id } }')).toEqual({ things: [{ id: '1' }, { id: '2' }] });
  expect(calls).toHaveLength(3);
});

test('a value that answers as a promise does, but at once, is in its place', async () => {
  const schema = buildSchema('type Query { at: Int list: [Int] }');
  const atOnce = <Value>(value: Value) => ({ then: (answer: (value: Value) => void) => answer(value) });
  const fields = schema.getQueryType()?.getFields() ?? {};
  Object.assign(fields['at'] ?? {}, { resolve: () => atOnce(1) });
  Object.assign(fields['list'] ?? {}, { resolve: () => atOnce([atOnce(2), 3]) });
  const document = parse('{ at list }');
  const operation = getOperationAST(document);
  if (operation == null) throw new Error('There is no operation.');
  const compiled = new CompiledOperation({ schema, plainFields, preloads: {} }, document, operation);
  expect(await compiled.execute(undefined, {})).toEqual({ data: { at: 1, list: [2, 3] } });
});
