import { composeServices } from '@apollo/composition';
import type { CacheableCall, FetchLookup, FetchNode } from '@shop/engine';
import { anonymous, createLogger } from '@shop/process';
import fc from 'fast-check';
import { parse, type OperationDefinitionNode } from 'graphql';
import { cachedSchemas } from './cached-shop.ts';
import { createFeedEvent, ManualFeed } from './manual-feed.ts';
import { readSupergraph } from '../src/supergraph/index.ts';
import { AnswerCache } from '../src/cache/answer-cache.ts';
import type { AnswerDraft } from '../src/cache/answer-draft.ts';
import { GatewayCache } from '../src/cache/gateway-cache.ts';
import type { Leases } from '../src/cache/invalidations.ts';
import type { FeedEvent } from '../src/events/event-feed.ts';
import type { RedisConnection } from '../src/redis-connection.ts';
import { createPartCache } from '../src/cache/part-cache.ts';

const ids = ['a', 'b', 'c'] as const;
type Id = (typeof ids)[number];

/** Something that happens. The numbers choose one of what is there, modulo their count. */
export type Step =
  | { readonly kind: 'commit'; readonly id: Id; readonly part: 'product' | 'stock' }
  | { readonly kind: 'write'; readonly gateway: number; readonly id: Id }
  | {
      readonly kind: 'request';
      readonly gateway: number;
      readonly query: number;
      /** The caller sends the version token of an earlier write. */
      readonly token: number | undefined;
    }
  | { readonly kind: 'read' | 'finish'; readonly index: number }
  | { readonly kind: 'deliver' | 'disconnect'; readonly gateway: number }
  | { readonly kind: 'reconnect'; readonly gateway: number; readonly hasGap: boolean }
  | { readonly kind: 'redis'; readonly change: 'lose' | 'leave' | 'come' };

const anyId = fc.constantFrom(...ids);
const anyIndex = fc.nat({ max: 20 });
const gateway = fc.nat({ max: 1 });
const kind = <const Kind extends string>(...kinds: Kind[]): fc.Arbitrary<Kind> => fc.constantFrom(...kinds);
const token = fc.option(anyIndex, { nil: undefined, freq: 2 });
/** Common steps stand more than once. */
export const anySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: kind('request'), gateway, query: anyIndex, token }) },
    { weight: 3, arbitrary: fc.record({ kind: kind('commit'), id: anyId, part: kind('product', 'stock') }) },
    { weight: 5, arbitrary: fc.record({ kind: kind('read', 'finish'), index: anyIndex }) },
    { weight: 4, arbitrary: fc.record({ kind: kind('deliver'), gateway }) },
    { weight: 1, arbitrary: fc.record({ kind: kind('write'), gateway, id: anyId }) },
    { weight: 1, arbitrary: fc.record({ kind: kind('disconnect'), gateway }) },
    { weight: 1, arbitrary: fc.record({ kind: kind('reconnect'), gateway, hasGap: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ kind: kind('redis'), change: kind('lose', 'leave', 'come', 'come') }) },
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

/** A change of a product, with the event that tells of it. */
interface Change {
  readonly id: Id;
  readonly part: 'product' | 'stock';
  readonly version: number;
  readonly event: FeedEvent;
}

interface Request {
  readonly gateway: ModelGateway;
  readonly query: (typeof queries)[number];
  readonly draft: AnswerDraft;
  readonly lookup: FetchLookup;
  readonly kept: readonly Product[];
  readonly missing: readonly Id[];
  /** The value that the service has read. Undefined until then. */
  read: readonly Product[] | undefined;
}

const queries = createQueries().map((query) => {
  const document = parse(query.text);
  return { ...query, prepared: { document, operation: document.definitions[0] as OperationDefinitionNode } };
});
const represent = (id: Id): string => `{"__typename":"Product","id":"${id}"}`;

/** Decides about a text from Redis, given the mark of now and the head of the part that was written last. */
type ChangeShared = (text: string, now: { readonly mark: string; readonly newest: object }) => string;

/** A Redis that answers at once, and that a test can take away. */
class ModelRedis {
  readonly values = new Map<string, string>();
  isThere = true;
  #newest: object = {};
  readonly #change: ChangeShared;

  constructor(change: ChangeShared = (text) => text) {
    this.#change = change;
  }

  get connection(): Pick<RedisConnection, 'client' | 'isUp'> {
    const client = {
      mget: async (markKey: string, ...keys: string[]) => {
        this.#require();
        const mark = this.values.get(markKey) ?? null;
        const texts = keys.map((key) => this.values.get(key));
        return [
          mark,
          ...texts.map((text) =>
            text === undefined ? null : this.#change(text, { mark: mark ?? '', newest: this.#newest }),
          ),
        ];
      },
      set: async (key: string, value: string, _unit: 'PX', _lifetime: number, condition?: 'NX') => {
        this.#require();
        if (value.startsWith('{')) this.#newest = readHead(value);
        if (condition === undefined || !this.values.has(key)) this.values.set(key, value);
      },
    };
    // Nothing else of it is used. A gateway learns late that Redis is away, so this one never says so.
    return { client: client as unknown as RedisConnection['client'], isUp: () => true };
  }

  #require(): void {
    if (!this.isThere) throw new Error('Redis is away.');
  }
}

const readHead = (text: string): object => JSON.parse(text.slice(0, text.indexOf('\n'))) as object;
/** Changes the head of a part from Redis. */
export const changeHead = (text: string, change: object): string =>
  `${JSON.stringify({ ...readHead(text), ...change })}${text.slice(text.indexOf('\n'))}`;

/** Faults that a test can plant, to show that the model finds them. */
export interface PlantedFaults {
  readonly createLeases?: () => Leases;
  readonly ignoresGaps?: boolean;
  readonly ignoresTokens?: boolean;
  readonly changeShared?: ChangeShared;
}

/** A gateway with a cache, and with a feed of events of its own. */
class ModelGateway {
  readonly feed = new ManualFeed();
  readonly cache: GatewayCache;
  readonly openParts: ReturnType<typeof createPartCache>;
  readonly answers: AnswerCache;
  /** The versions of the last events and writes that it knows of. */
  readonly known = createVersions();
  /** The events that have not reached it. */
  readonly pending: Change[] = [];

  constructor({ redis, now, createLeases }: PlantedFaults & { redis: ModelRedis; now: () => number }) {
    this.cache = new GatewayCache({
      maxBytes: 1024 * 1024,
      feed: this.feed,
      generation: { invalidate: () => {} },
      logger: createLogger({ service: 'test', level: 'silent' }),
      redis: redis.connection,
      ...(createLeases === undefined ? {} : { leases: createLeases() }),
      now,
      random: () => 0,
    });
    this.openParts = createPartCache(this.cache, supergraph);
    this.answers = new AnswerCache(this.cache, () => false);
  }

  deliver(): void {
    const change = this.feed.current.size === 0 ? undefined : this.pending.shift();
    if (change === undefined) return;
    this.learn(change);
    this.feed.deliver(change.event);
  }

  learn({ id, part, version }: Change): void {
    this.known[id][part] = Math.max(this.known[id][part], version);
  }

  reconnect(hasGap: boolean, ignoresGaps: boolean): void {
    if (this.feed.current.size > 0) return;
    if (hasGap) {
      // It learns that there were events, and not which ones.
      for (const change of this.pending.splice(0)) this.learn(change);
      if (!ignoresGaps) this.feed.loseEvents();
    }
    this.feed.current.add('PRODUCT');
  }
}

/**
 * Runs steps against a database, a stream of events, and two gateways that share parts in Redis. The database changes at once, the events
 * reach each gateway later and in order, and reads of a request happen at some time between its begin and its end.
 *
 * @throws Error when an answer is older than it may be, or when an answer is wrong after all has settled
 * @returns how many answers came from what was kept, and from what was shared
 */
export async function runSteps(
  steps: readonly Step[],
  faults: PlantedFaults = {},
): Promise<{ readonly kept: number; readonly shared: number }> {
  const { ignoresGaps = false, ignoresTokens = false, changeShared } = faults;
  const redis = new ModelRedis(changeShared);
  let clock = 0;
  const now = (): number => clock;
  const gateways = [0, 1].map(() => new ModelGateway({ ...faults, redis, now }));
  const database = createVersions();
  const tokens: { readonly header: string; readonly change: Change }[] = [];
  const inFlight: Request[] = [];
  let sequence = 0;
  let kept = 0;

  const readProduct = (id: Id, { showsStock }: Query): Product => ({
    id,
    name: String(database[id].product),
    ...(showsStock ? { stock: database[id].stock } : {}),
  });
  const check = (products: readonly Product[], oldest: Versions, what: string): void => {
    kept += products.length;
    for (const { id, name, stock } of products) {
      if (Number(name) < oldest[id].product) throw new Error(`${what}: an old name of ${id}`);
      if (stock !== undefined && stock < oldest[id].stock) throw new Error(`${what}: an old stock of ${id}`);
    }
  };
  const commit = (id: Id, part: 'product' | 'stock'): Change => {
    const version = (database[id][part] += 1);
    const type = part === 'product' ? 'shop.product.updated.v1' : 'shop.inventory.updated.v1';
    const event = createFeedEvent({ sequence: (sequence += 1), type, subject: id });
    const change = { id, part, version, event };
    for (const { pending } of gateways) pending.push(change);
    return change;
  };
  const write = async (gateway: ModelGateway, id: Id): Promise<void> => {
    const change = commit(id, 'product');
    const written = new Map<string, string>();
    await gateway.cache.noteWrite('product', written);
    gateway.learn(change);
    tokens.push({ header: [...written.values()].join(','), change });
  };
  const keep = (
    { query, gateway, draft }: Pick<Request, 'query' | 'gateway' | 'draft'>,
    products: readonly Product[],
  ) => gateway.answers.keep(query.prepared, undefined, { draft, text: JSON.stringify(products) });

  async function request(
    gateway: ModelGateway,
    query: (typeof queries)[number],
    { token, oldest }: { token?: (typeof tokens)[number] | undefined; oldest: Versions },
  ): Promise<void> {
    const { cache, answers, openParts } = gateway;
    if (token !== undefined) {
      const { id, version } = token.change;
      oldest[id].product = Math.max(oldest[id].product, version);
    }
    const versionToken = ignoresTokens ? undefined : token?.header;
    const answer = answers.find(query.prepared, undefined, { viewer: anonymous, versionToken });
    if (answer !== undefined) return check(JSON.parse(String(answer.text)) as Product[], oldest, 'a kept answer');
    const draft = cache.begin(anonymous, cache.readFreshness(versionToken));
    const representations = query.entities?.map(represent);
    const call: CacheableCall = { node: query.node, variables: '', representations, values: {} };
    const lookup = openParts(draft).find(call);
    if (lookup === undefined) return;
    const waiting = { gateway, query, draft, lookup };
    if (query.entities === undefined) {
      const data = lookup.data ?? (await lookup.findShared?.([]))?.data;
      if (data === undefined) return void inFlight.push({ ...waiting, kept: [], missing: ids, read: undefined });
      const { nodes } = data['products'] as { nodes: Product[] };
      check(nodes, oldest, 'a kept list');
      return void keep(waiting, nodes);
    }
    const found = new Map<Id, Product>();
    const take = (asked: readonly Id[], entities: readonly unknown[]): void =>
      asked.forEach((id, index) => {
        if (entities[index] != null) found.set(id, entities[index] as Product);
      });
    take(query.entities, lookup.entities);
    const rest = query.entities.filter((id) => !found.has(id));
    if (rest.length > 0) take(rest, (await lookup.findShared?.(rest.map(represent)))?.entities ?? []);
    const products = [...found.values()];
    check(products, oldest, 'a kept entity');
    const missing = rest.filter((id) => !found.has(id));
    if (missing.length === 0) keep(waiting, products);
    else inFlight.push({ ...waiting, kept: products, missing, read: undefined });
  }

  const read = (waiting: Request): void => {
    waiting.read ??= waiting.missing.map((id) => readProduct(id, waiting.query));
  };
  function finish(waiting: Request): void {
    read(waiting);
    inFlight.splice(inFlight.indexOf(waiting), 1);
    const { query, lookup, missing, read: products = [] } = waiting;
    if (query.entities === undefined) lookup.keep({ data: { products: { nodes: products } } }, []);
    else lookup.keep({ data: { _entities: products } }, missing.map(represent));
    keep(waiting, [...waiting.kept, ...products]);
  }

  for (const step of steps) {
    const chosen = 'index' in step ? inFlight[step.index % Math.max(inFlight.length, 1)] : undefined;
    const gateway = gateways['gateway' in step ? step.gateway : 0] as ModelGateway;
    if (step.kind === 'commit') commit(step.id, step.part);
    else if (step.kind === 'write') await write(gateway, step.id);
    else if (step.kind === 'request') {
      const token = step.token === undefined ? undefined : tokens[step.token % Math.max(tokens.length, 1)];
      const query = queries[step.query % queries.length] as (typeof queries)[number];
      await request(gateway, query, { token, oldest: structuredClone(gateway.known) });
    } else if (step.kind === 'read' && chosen !== undefined) read(chosen);
    else if (step.kind === 'finish' && chosen !== undefined) finish(chosen);
    else if (step.kind === 'deliver') gateway.deliver();
    else if (step.kind === 'disconnect') gateway.feed.current.clear();
    else if (step.kind === 'reconnect') gateway.reconnect(step.hasGap, ignoresGaps);
    else if (step.kind === 'redis') {
      if (step.change === 'lose') redis.values.clear();
      else redis.isThere = step.change === 'come';
      // Longer than the pause after a failure.
      clock += 2_000;
    }
  }

  for (const waiting of [...inFlight].reverse()) finish(waiting);
  for (const gateway of gateways) {
    gateway.reconnect(false, ignoresGaps);
    while (gateway.pending.length > 0) gateway.deliver();
    for (const query of queries) await request(gateway, query, { oldest: structuredClone(database) });
    gateway.cache.stop();
  }
  return { kept, shared: gateways.reduce((sum, { cache }) => sum + (cache.shared?.counts.hit ?? 0), 0) };
}
