import { GraphQLError, parse, visit, type ExecutionResult, type GraphQLFieldResolver } from 'graphql';
import { createGraph, type Call, type Graph } from '../../test/graph.ts';

/** An object of the model: its type, its number, and inputs that were given with it. */
interface Node {
  readonly __typename: string;
  readonly id: string;
  readonly [input: string]: unknown;
}

const names = ['P', 'Q', 'T'];
const node = (__typename: string, id: number): Node => ({ __typename, id: String(id) });
/** Lists are longer than one item, and have an item twice. */
const ps = (start: number) => [start, start + 1, start].map((id) => node('P', id % 5));
const kindOf = (id: number) => (id % 2 === 0 ? 'A' : 'B');

/** The values of all fields. They depend on the number of an object alone, so every subgraph knows the same. */
const model: Record<string, Record<string, (id: number, source: Node) => unknown>> = {
  Query: {
    p: () => node('P', 1),
    ps: () => ps(1),
    ns: () => [null, ...names.map((name, index) => node(name, index)), node('P', 3)],
    us: () => ['Q', 'P', 'T', 'P'].map((name, index) => node(name, index)),
    grid: () => [ps(0), [], null, [null, node('P', 4)]],
    q: () => node('Q', 2),
    it: () => node('A', 2),
    its: () => [1, 2, 3].map((id) => node(kindOf(id), id)),
    top: () => ps(2),
    viaI: () => node(kindOf(3), 3),
    allI: () => [4, 1].map((id) => node(kindOf(id), id)),
    score: () => 3,
  },
  P: {
    w: (id) => (id === 2 ? 0 : id),
    friends: (id) => [...ps(id + 1), null],
    best: (id) => node('P', (id + 2) % 5),
    q: (id) => (id === 3 ? null : node('Q', id)),
    tags: (id) => [`t${id}`, ''],
    stock: (id) => id * 7,
    cost: (_id, { w }) => (w === undefined ? new GraphQLError('no w') : Number(w) * 10),
    maker: (id) => node('Q', id + 1),
    far: (id) => node('P', (id + 1) % 5),
    score: (id) => id * 100,
    label: (_id, { stock, name }) => `${String(name)}/${String(stock)}`,
    v: (id) => node('V', id),
    vs: (id) => [node('V', id), node('V', id + 1)],
    // It must not be null in one subgraph. So beside a field that may be, the planner gives it another name.
    m: (id) => id + 1_000,
  },
  Q: {
    code: (id) => id + 50,
    p: (id) => node('P', id % 5),
    rate: (id) => id / 4,
    need: (_id, { code }) => (code === undefined ? new GraphQLError('no code') : Number(code) + 1),
    uses: (id) => [node('T', id), node('P', id % 5)],
  },
  T: { note: (id) => (id === 2 ? null : `note ${id}`), m: (id) => id + 2_000 },
  V: { b: (id) => `b${id}`, c: (id) => id },
  A: { x: (id) => `x${id}`, owner: (id) => node('P', id % 5) },
  B: { y: (id) => id, owner: (id) => node('P', id % 5) },
};
const interfaceFields: Record<string, (id: number) => unknown> = {
  extra: (id) => `E${id}`,
  peer: (id) => node(kindOf(id + 1), id + 1),
};

/** The value of a field. */
export function resolveModel(type: string, field: string, source: Partial<Node> | undefined): unknown {
  if (field === 'id' || field === 'name') return field === 'id' ? source?.id : `n${source?.id}`;
  const of = model[type]?.[field] ?? interfaceFields[field];
  const value = of?.(Number(source?.id), (source ?? {}) as Node);
  if (value instanceof GraphQLError) throw value;
  return value;
}

/** The inputs of other fields, for a schema that holds everything. */
export function addInputs(source: Node): Node {
  const id = Number(source.id);
  return {
    ...source,
    name: `n${id}`,
    w: model['P']?.['w']?.(id, source),
    stock: model['P']?.['stock']?.(id, source),
    code: model['Q']?.['code']?.(id, source),
  };
}

const schemas = {
  a: `type Query { p: P ps: [P!]! ns: [N] us: [U!] grid: [[P]] q: Q! it: I its: [I!] }
    interface N { id: ID! name: String } union U = P | Q | T
    type P implements N @key(fields: "id") { id: ID! name: String w: Int friends: [P] best: P! q: Q tags: [String!] v: V @shareable
      vs: [V!] @shareable
      m: Int! @shareable }
    type Q implements N @key(fields: "id") { id: ID! name: String code: Int! p: P }
    type T implements N { id: ID! name: String note: String m: Int } type V @shareable { b: String }
    interface I @key(fields: "id") { id: ID! }
    type A implements I @key(fields: "id") { id: ID! x: String } type B implements I @key(fields: "id") { id: ID! y: Int }`,
  b: `type Query { top: [P!] viaI: I allI: [I] }
    type P @key(fields: "id") { id: ID! w: Int @external stock: Int! cost: Int @requires(fields: "w") maker: Q far: P! m: Int @shareable }
    type Q @key(fields: "id") { id: ID! code: Int! @external rate: Float need: Int @requires(fields: "code") }
    type I @key(fields: "id") @interfaceObject { id: ID! extra: String peer: I }`,
  c: `type Query { score: Int }
    type P @key(fields: "id") { id: ID! score: Int name: String @external stock: Int! @external
      label: String! @requires(fields: "name stock") v: V @shareable vs: [V!] @shareable }
    type V @shareable { b: String c: Int }`,
};

/** The value of each fault, from 0 to 1, by its place. */
export type Fault = (place: string) => number;

/** A graph of three subgraphs. Its faults can be changed. */
export function createFuzzGraph(): { readonly graph: Graph; setFaults(fault: Fault | undefined): void } {
  let fault: Fault | undefined;
  const sources = Object.entries(schemas).map(([subgraph, sdl]) => {
    const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, _args, _context, info) => {
      const { fieldName, parentType } = info;
      const { id = '' } = (source ?? {}) as Partial<Node>;
      const size = fieldName === 'id' ? 1 : (fault?.(`${subgraph} ${parentType.name} ${id} ${fieldName}`) ?? 1);
      if (size < 0.03) throw createFault(`failed ${subgraph} ${parentType.name} ${id} ${fieldName}`);
      if (size < 0.06) return null;
      return toSubgraph(subgraph, resolveModel(parentType.name, fieldName, source as Partial<Node>));
    };
    const reference = (given: Node) => {
      const { __typename, id } = given;
      const size = fault?.(`${subgraph} ${__typename} ${id}`) ?? 1;
      if (size < 0.04) return null;
      return subgraph === 'a' && __typename === 'I' ? node(kindOf(Number(id)), Number(id)) : given;
    };
    const types = subgraph === 'a' ? ['P', 'Q', 'A', 'B', 'I'] : subgraph === 'b' ? ['P', 'Q', 'I'] : ['P'];
    const resolvers = Object.fromEntries(types.map((type) => [type, { __resolveReference: reference }]));
    const measure = ({ query }: Call) => fault?.(`${subgraph} ${listFields(query)}`) ?? 1;
    const answer = (call: Call) =>
      measure(call) < 0.04 ? { data: null, errors: [createFault(`${subgraph} is away`).toJSON()] } : undefined;
    const change = ({ data, errors = [] }: ExecutionResult, call: Call) => {
      const entities = data?.['_entities'];
      const size = measure(call);
      const wrong = Array.isArray(entities) ? listWrong(entities).find(({ below }) => size < below) : undefined;
      const listed: object[] = errors.map((error) => ({ ...error.toJSON(), extensions: faulty }));
      if (wrong === undefined && size < 0.1) listed.push(createFault(`${subgraph} has no place`).toJSON());
      return {
        data: wrong === undefined ? data : { _entities: wrong.entities },
        ...(listed.length === 0 ? {} : { errors: listed }),
      };
    };
    return [subgraph, { sdl, resolvers, fieldResolver, answer, change }];
  });
  return {
    graph: createGraph(Object.fromEntries(sources) as Parameters<typeof createGraph>[0]),
    setFaults: (next) => void (fault = next),
  };
}

/** The fields of a call, which identify it. The executors ask for the names of other types, by other fragments. */
function listFields(query: string): string {
  const names = new Set<string>();
  visit(parse(query, { noLocation: true }), { Field: ({ name }) => void names.add(name.value) });
  names.delete('__typename');
  return [...names].toSorted().join(' ');
}

const faulty = { code: 'FAULT' };
const createFault = (message: string) => new GraphQLError(message, { extensions: faulty });

/** Lists of entities that have not the length of the list of representations, or are no lists. */
const listWrong = (entities: readonly unknown[]) => [
  { below: 0.05, entities: entities.slice(1) },
  { below: 0.06, entities: [...entities, entities[0] ?? null] },
  { below: 0.065, entities: null },
];

/** The second subgraph knows the interface alone. */
function toSubgraph(subgraph: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => toSubgraph(subgraph, item));
  const { __typename, id } = (value ?? {}) as Partial<Node>;
  return subgraph === 'b' && (__typename === 'A' || __typename === 'B') ? { id } : value;
}
