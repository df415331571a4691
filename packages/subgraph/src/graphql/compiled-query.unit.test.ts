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
import { CompiledQuery, type PlainFields } from './compiled-query.ts';

const sdl = `
  type Query {
    node: Node
    nodes: [Node!]!
    maybe: [Node]
    any: Any
    anys(n: Int = 2, kind: Kind): [Any]
    thing(id: ID, deep: Deep): Thing
    must: Thing!
    text: String
  }
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
      return `${chance(random, 30) ? `${leaf}_${type}: ` : ''}${leaf}${directive()}`;
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

/** Errors may come in another order. Of those that graphql-js words itself, only the place counts. */
function normalise({ data, errors = [] }: ExecutionResult) {
  const told = errors.map(({ message, path, locations, originalError }) => {
    const text = /^(boom|Cannot return null)/.test(message) ? message : 'another message';
    return JSON.stringify([text, path, locations, originalError?.constructor.name]);
  });
  return { data: JSON.stringify(data), errors: told.sort() };
}

test('random queries have the answers and the errors of graphql-js', async () => {
  let [valid, withErrors, withPromises, withData] = [0, 0, 0, 0];
  for (let seed = 1; seed <= chooseSize({ short: 1_000, long: 30_000 }); seed += 1) {
    const schema = createSchema(seed);
    const text = writeQuery(createRandom(seed * 7_919));
    const document = parse(text);
    // Some generated selections are in conflict with each other.
    if (validate(schema, document).some(({ message }) => !message.includes('never used'))) continue;
    valid += 1;
    const operation = getOperationAST(document, 'Q');
    if (operation == null) throw new Error('There is no operation.');
    const compiled = new CompiledQuery(schema, document, operation, plainFields);
    for (const variableValues of inTurn) {
      const expected = await execute({ schema, document, operationName: 'Q', variableValues });
      const answer = compiled.execute(undefined, variableValues);
      if (answer instanceof Promise) withPromises += 1;
      const actual = await answer;
      if (actual === undefined) throw new Error(`Not compiled: ${text}`);
      try {
        expect(normalise(actual)).toEqual(normalise(expected));
      } catch (error) {
        throw new Error(`Seed ${seed}: ${text}`, { cause: error });
      }
      if (expected.errors !== undefined) withErrors += 1;
      if (expected.data != null) withData += 1;
    }
  }
  // The cases are worth something.
  for (const count of [withErrors, withPromises, withData]) expect(count).toBeGreaterThan(valid / 10);
  expect(valid).toBeGreaterThan(300);
});
