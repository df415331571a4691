import { createHash } from 'node:crypto';
import type { CacheableCall, FetchCache, FetchLookup, FetchNode, KeptEntities, SubgraphAnswer } from '@shop/engine';
import type { Supergraph } from '../supergraph/index.ts';
import type { AnswerDraft } from './answer-draft.ts';
import type { Kept } from './cache-store.ts';
import type { GatewayCache } from './gateway-cache.ts';
import { readFetchRule, type FetchRule } from './read-fetch-rule.ts';
import { describeSharer } from './share.ts';
import type { Part, SharedRead } from './shared-parts.ts';
import type { Source } from './source.ts';

type Data = NonNullable<FetchLookup['data']>;

/** Operations of subgraphs whose rules are known. Each program has its own, and equal ones share what is kept. */
const maxRules = 5_000;

/** Makes the cache of the calls of one operation. */
export type OpenPartCache = (draft: AnswerDraft) => FetchCache;

/** Keeps the answers to calls of subgraphs: an entity by its representation, and root fields as a whole. */
export function createPartCache(cache: GatewayCache, supergraph: Supergraph): OpenPartCache {
  const byNode = new WeakMap<FetchNode, KnownCall | 'none'>();
  const byOperation = new Map<string, KnownCall | 'none'>();

  function readCall({ service, operation }: FetchNode): KnownCall | 'none' {
    const rule = readFetchRule(operation, supergraph, cache.channels);
    return rule === undefined ? 'none' : { rule, sharedId: hash(`${supergraph.hash}\n${service}\n${operation}`) };
  }

  function findCall(node: FetchNode): KnownCall | undefined {
    let known = byNode.get(node);
    if (known === undefined) {
      const key = `${node.service}\n${node.operation}`;
      known = byOperation.get(key) ?? readCall(node);
      if (byOperation.size >= maxRules) byOperation.clear();
      byOperation.set(key, known);
      byNode.set(node, known);
    }
    return known === 'none' ? undefined : known;
  }

  return (draft) => ({
    find(call) {
      const known = call.node.operationKind === 'query' ? findCall(call.node) : undefined;
      if (known === undefined || !known.rule.streams.every((stream) => stream.isCurrent())) {
        draft.spoil();
        return undefined;
      }
      const { rule, sharedId } = known;
      return new Lookup({ cache, draft, rule, sharedId, call });
    },
  });
}

/** A call of a program. */
interface KnownCall {
  readonly rule: FetchRule;
  /** The same in all processes with the same supergraph. */
  readonly sharedId: string;
}

interface LookupOptions extends KnownCall {
  readonly cache: GatewayCache;
  readonly draft: AnswerDraft;
  readonly call: CacheableCall;
}

/** The entries for one call. It takes in the answer to the rest. */
class Lookup implements FetchLookup {
  readonly data: Data | undefined;
  readonly entities: readonly (Data | null | undefined)[];
  readonly findShared: FetchLookup['findShared'];
  readonly #options: LookupOptions;
  readonly #start: string;
  readonly #sources: readonly Source[];
  readonly #since: number;
  readonly #shared: SharedRead | undefined;

  constructor(options: LookupOptions) {
    const { cache, draft, rule, call } = options;
    this.#options = options;
    this.#since = cache.lease;
    this.#sources = [cache.findService(call.node.service), ...rule.streams];
    this.#start = `${rule.id} ${describeSharer(rule.share, draft.viewer)} {${call.variables}}`;
    const { representations } = call;
    this.data = representations === undefined ? (this.#find(this.#start) as Data | undefined) : undefined;
    this.entities = representations?.map((text) => this.#find(this.#start + text)) ?? [];
    const isWhole = representations === undefined ? this.data !== undefined : !this.entities.includes(undefined);
    this.#shared = isWhole ? undefined : cache.shared?.begin(call.node.service, rule.streams, this.#since);
    this.findShared = this.#shared && ((texts) => this.#findShared(texts));
  }

  keep(answer: SubgraphAnswer, texts: readonly string[]): void {
    const { draft, call } = this.#options;
    const { data } = answer;
    if ((answer.errors?.length ?? 0) > 0 || data == null) {
      draft.spoil();
      return;
    }
    if (call.representations === undefined) {
      this.#keep('', data, answer.text ?? JSON.stringify({ data }));
      return;
    }
    const entities: unknown = data['_entities'];
    if (!Array.isArray(entities) || entities.length !== texts.length) {
      draft.spoil();
      return;
    }
    for (const [index, text] of texts.entries()) {
      const entity: unknown = entities[index] ?? null;
      this.#keep(text, entity, entity === null ? null : `{"data":${JSON.stringify(entity)}}`);
    }
  }

  async #findShared(texts: readonly string[]): Promise<KeptEntities> {
    const { cache, draft } = this.#options;
    const isForEntities = this.#options.call.representations !== undefined;
    const asked = isForEntities ? texts : [''];
    const parts = (await this.#shared?.find(asked.map((text) => this.#shareKey(text)))) ?? [];
    const found = asked.map((text, index) => {
      const part = parts[index];
      if (part === undefined) return undefined;
      const kept = this.#toKept(part);
      // It is held to the rules of those in memory, and becomes one of them.
      return cache.keep('part', this.#start + text, kept) && cache.isUsable(kept, draft.freshness)
        ? this.#take(kept, part.value)
        : undefined;
    });
    return isForEntities ? { data: undefined, entities: found } : { data: found[0] ?? undefined, entities: [] };
  }

  #find(key: string): Data | null | undefined {
    const { cache, draft } = this.#options;
    const kept = cache.find('part', key, draft.freshness);
    return kept === undefined || Buffer.isBuffer(kept.value) ? undefined : this.#take(kept, kept.value);
  }

  #take(kept: Kept, value: string | null): Data | null {
    const { draft, rule } = this.#options;
    draft.add(kept, rule.share);
    // A new object each time: an execution adds to the objects that it gets.
    return value === null ? null : (JSON.parse(value) as { data: Data }).data;
  }

  /** @param representation of an entity; empty for root fields */
  #keep(representation: string, data: unknown, value: string | null): void {
    const { cache, draft, rule, call } = this.#options;
    const part: Part = {
      value,
      tags: rule.listTags(data, call.values, representation || undefined),
      since: this.#since,
      expiresAt: cache.chooseExpiry(value !== null),
    };
    const kept = this.#toKept(part);
    if (cache.keep('part', this.#start + representation, kept))
      this.#shared?.keep(this.#shareKey(representation), part);
    draft.add(kept, rule.share);
  }

  #toKept({ value, tags, since, expiresAt }: Part): Kept {
    return { value, tags, since, expiresAt, sources: this.#sources, oldest: since };
  }

  #shareKey(representation: string): string {
    const { sharedId, rule, draft, call } = this.#options;
    return hash(`${sharedId}\n${describeSharer(rule.share, draft.viewer)}\n{${call.variables}}\n${representation}`);
  }
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');
