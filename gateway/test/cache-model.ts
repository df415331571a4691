import { composeServices } from '@apollo/composition';
import type { CacheableCall, FetchLookup, FetchNode } from '@shop/engine';
import { anonymous, createLogger } from '@shop/process';
import fc from 'fast-check';
import { parse, type OperationDefinitionNode } from 'graphql';
import { cachedSchemas } from './cached-shop.ts';
import { ManualFeed } from './manual-feed.ts';
import { readSupergraph } from '../src/supergraph/index.ts';
import { AnswerCache } from '../src/cache/answer-cache.ts';
import type { AnswerDraft } from '../src/cache/answer-draft.ts';
import { GatewayCache } from '../src/cache/gateway-cache.ts';
import type { Leases } from '../src/cache/invalidations.ts';
import { createPartCache } from '../src/cache/part-cache.ts';

const ids = ['a', 'b', 'c'] as const;
type Id = (typeof ids)[number];

/** Something that happens. The numbers choose one of what is there, modulo their count. */
export type Step =
  | { readonly kind: 'commit'; readonly id: Id; readonly part: 'product' | 'stock' }
  | { readonly kind: 'write'; readonly id: Id }
  | { readonly kind: 'request'; readonly query: number }
  | { readonly kind: 'read' | 'finish'; readonly index: number }
  | { readonly kind: 'deliver' | 'disconnect' }
  | { readonly kind: 'reconnect'; readonly hasGap: boolean };

const anyId = fc.constantFrom(...ids);
const anyIndex = fc.nat({ max: 20 });
/** Common steps stand more than once. */
export const anySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('request' as const), query: anyIndex }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('commit' as const),
        id: anyId,
        part: fc.constantFrom('product' as const, 'stock' as const),
      }),
    },
    { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('read' as const, 'finish' as const), index: anyIndex }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('deliver' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('write' as const), id: anyId }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('disconnect' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reconnect' as const), hasGap: fc.boolean() }) },
  ),
  { minLength: 10, maxLength: 100, size: 'max' },
);

interface Product {
  readonly id: Id;
  readonly name: string;
  readonly stock?: number;
}

interface Query {
  readonly text: string;
  readonly node: FetchNode;
  /** The entities that it asks for; undefined for a list of all. */
  readonly entities: readonly Id[] | undefined;
  readonly showsStock: boolean;
}

const createNode = (operation: string, isForEntities: boolean): FetchNode => ({
  kind: 'fetch',
  service: 'product',
  operationKind: 'query',
  operation,
  operationName: undefined,
  variables: [],
  path: [],
  requires: isForEntities ? [] : undefined,
  inputRewrites: [],
  outputRewrites: [],
});
const createQueries = (): readonly Query[] =>
  [false, true].flatMap((showsStock) => {
    const fields = `id name${showsStock ? ' stock' : ''}`;
    const list = createNode(`{ products { nodes { ${fields} } } }`, false);
    const entities = createNode(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { ${fields} } } }`,
      true,
    );
    return [
      { text: `{ products { nodes { ${fields} } } }`, node: list, entities: undefined, showsStock },
      ...[['a', 'b'] as const, ['b', 'c'] as const, ['a'] as const].map((asked) => ({
        text: `{ order(ids: "${asked.join()}") { items { ${fields} } } }`,
        node: entities,
        entities: asked,
        showsStock,
      })),
    ];
  });

const { supergraphSdl, errors } = composeServices(
  Object.entries(cachedSchemas).map(([name, sdl]) => ({ name, url: 'http://unused.invalid', typeDefs: parse(sdl) })),
);
if (supergraphSdl === undefined) throw new Error(errors?.join('\n'));
const supergraph = readSupergraph(supergraphSdl);

/** The versions of what each product shows. */
type Versions = Record<Id, { product: number; stock: number }>;
const createVersions = (): Versions => ({
  a: { product: 0, stock: 0 },
  b: { product: 0, stock: 0 },
  c: { product: 0, stock: 0 },
});

interface Request {
  readonly query: Query;
  /** The versions that the gateway knew of when the request began. */
  readonly known: Versions;
  readonly draft: AnswerDraft;
  readonly lookup: FetchLookup;
  readonly missing: readonly Id[];
  /** The value that the service has read. Undefined until then. */
  read: readonly Product[] | undefined;
}

/**
 * Runs steps against a database, a stream of events, and the cache. The database changes at once, the events come later and in order, and
 * reads of a request happen at some time between its begin and its end.
 *
 * @throws Error when an answer is older than it may be, or when an answer is wrong after all has settled
 * @returns how many answers came from what was kept
 */
export function runSteps(steps: readonly Step[], options: { leases?: Leases; ignoresGaps?: boolean } = {}): number {
  const { leases, ignoresGaps = false } = options;
  const feed = new ManualFeed();
  const cache = new GatewayCache({
    maxBytes: 1024 * 1024,
    feed,
    generation: { invalidate: () => {} },
    logger: createLogger({ service: 'test', level: 'silent' }),
    ...(leases === undefined ? {} : { leases }),
    now: () => 0,
    random: () => 0,
  });
  const openParts = createPartCache(cache, supergraph);
  const answers = new AnswerCache(cache, () => false);
  const queries = createQueries().map((query) => {
    const document = parse(query.text);
    return { ...query, prepared: { document, operation: document.definitions[0] as OperationDefinitionNode } };
  });
  const database = createVersions();
  /** The events that the gateway has taken in. */
  const known = createVersions();
  const pending: { type: string; id: Id; part: 'product' | 'stock'; version: number }[] = [];
  const inFlight: Request[] = [];
  let hits = 0;

  const readProduct = (id: Id, { showsStock }: Query): Product => ({
    id,
    name: String(database[id].product),
    ...(showsStock ? { stock: database[id].stock } : {}),
  });
  const check = (products: readonly Product[], oldest: Versions, what: string): void => {
    for (const { id, name, stock } of products) {
      if (Number(name) < oldest[id].product) throw new Error(`${what}: an old name of ${id}`);
      if (stock !== undefined && stock < oldest[id].stock) throw new Error(`${what}: an old stock of ${id}`);
    }
  };
  const commit = (id: Id, part: 'product' | 'stock'): void => {
    const version = (database[id][part] += 1);
    const type = part === 'product' ? 'shop.product.updated.v1' : 'shop.inventory.updated.v1';
    pending.push({ type, id, part, version });
  };
  const deliver = (): void => {
    const event = feed.current.size === 0 ? undefined : pending.shift();
    if (event === undefined) return;
    const versions = known[event.id];
    versions[event.part] = Math.max(versions[event.part], event.version);
    feed.send(event.type, event.id);
  };
  const disconnect = (): void => feed.current.clear();
  const reconnect = (hasGap: boolean): void => {
    if (feed.current.size > 0) return;
    if (hasGap) {
      // The gateway learns that there were events, and not which ones.
      for (const { id, part, version } of pending.splice(0)) known[id][part] = Math.max(known[id][part], version);
      if (!ignoresGaps) feed.loseEvents();
    }
    feed.current.add('PRODUCT');
  };
  const keep = (query: (typeof queries)[number], draft: AnswerDraft, products: readonly Product[]): void =>
    answers.keep(query.prepared, undefined, { draft, text: JSON.stringify(products) });

  function request(query: (typeof queries)[number], oldest: Versions): void {
    const kept = answers.find(query.prepared, undefined, anonymous);
    if (kept !== undefined) {
      hits += 1;
      return check(JSON.parse(String(kept)) as Product[], oldest, 'a kept answer');
    }
    const draft = cache.begin(anonymous);
    const representations = query.entities?.map((id) => `{"__typename":"Product","id":"${id}"}`);
    const call: CacheableCall = { node: query.node, variables: '', representations, values: {} };
    const lookup = openParts(draft).find(call);
    if (lookup === undefined) return;
    if (query.entities === undefined) {
      if (lookup.data === undefined) {
        inFlight.push({ query, known: oldest, draft, lookup, missing: ids, read: undefined });
        return;
      }
      hits += 1;
      const { nodes } = lookup.data['products'] as { nodes: Product[] };
      check(nodes, oldest, 'a kept list');
      return keep(query, draft, nodes);
    }
    const found = lookup.entities.filter((entity) => entity != null) as unknown as readonly Product[];
    hits += found.length;
    check(found, oldest, 'a kept entity');
    const missing = query.entities.filter((_, index) => lookup.entities[index] === undefined);
    if (missing.length === 0) return keep(query, draft, found);
    inFlight.push({ query, known: oldest, draft, lookup, missing, read: undefined });
  }

  const read = (waiting: Request): void => {
    waiting.read ??= waiting.missing.map((id) => readProduct(id, waiting.query));
  };
  function finish(waiting: Request): void {
    read(waiting);
    inFlight.splice(inFlight.indexOf(waiting), 1);
    const { query, draft, lookup, missing, read: products = [] } = waiting;
    const texts = missing.map((id) => `{"__typename":"Product","id":"${id}"}`);
    if (query.entities === undefined) lookup.keep({ data: { products: { nodes: products } } }, []);
    else lookup.keep({ data: { _entities: products } }, texts);
    const kept = lookup.entities.filter((entity) => entity != null) as unknown as readonly Product[];
    keep(query as (typeof queries)[number], draft, [...kept, ...products]);
  }

  for (const step of steps) {
    const chosen = 'index' in step ? inFlight[step.index % Math.max(inFlight.length, 1)] : undefined;
    if (step.kind === 'commit') commit(step.id, step.part);
    else if (step.kind === 'write') {
      commit(step.id, 'product');
      known[step.id].product = database[step.id].product;
      cache.noteWrite('product');
    } else if (step.kind === 'request')
      request(queries[step.query % queries.length] as (typeof queries)[number], structuredClone(known));
    else if (step.kind === 'read' && chosen !== undefined) read(chosen);
    else if (step.kind === 'finish' && chosen !== undefined) finish(chosen);
    else if (step.kind === 'deliver') deliver();
    else if (step.kind === 'disconnect') disconnect();
    else if (step.kind === 'reconnect') reconnect(step.hasGap);
  }

  for (const waiting of [...inFlight].reverse()) finish(waiting);
  reconnect(false);
  while (pending.length > 0) deliver();
  for (const query of queries) request(query, structuredClone(database));
  cache.stop();
  return hits;
}
