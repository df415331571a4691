import type { CacheableCall, FetchCache, FetchLookup, FetchNode, SubgraphAnswer } from '@shop/engine';
import type { Supergraph } from '../supergraph/index.ts';
import type { AnswerDraft } from './answer-draft.ts';
import type { GatewayCache } from './gateway-cache.ts';
import { readFetchRule, type FetchRule } from './read-fetch-rule.ts';
import { describeSharer } from './share.ts';
import type { Source } from './source.ts';

type Data = NonNullable<FetchLookup['data']>;

/** Operations of subgraphs whose rules are known. Each program has its own, and equal ones share what is kept. */
const maxRules = 5_000;

/** Makes the cache of the calls of one operation. */
export type OpenPartCache = (draft: AnswerDraft) => FetchCache;

/** Keeps the answers to calls of subgraphs: an entity by its representation, and root fields as a whole. */
export function createPartCache(cache: GatewayCache, supergraph: Supergraph): OpenPartCache {
  const byNode = new WeakMap<FetchNode, FetchRule | 'none'>();
  const byOperation = new Map<string, FetchRule | 'none'>();

  function findRule(node: FetchNode): FetchRule | undefined {
    let rule = byNode.get(node);
    if (rule === undefined) {
      const key = `${node.service}\n${node.operation}`;
      rule = byOperation.get(key) ?? readFetchRule(node.operation, supergraph, cache.channels) ?? 'none';
      if (byOperation.size >= maxRules) byOperation.clear();
      byOperation.set(key, rule);
      byNode.set(node, rule);
    }
    return rule === 'none' ? undefined : rule;
  }

  return (draft) => ({
    find(call) {
      const rule = call.node.operationKind === 'query' ? findRule(call.node) : undefined;
      if (rule === undefined || !rule.streams.every((stream) => stream.isCurrent())) {
        draft.spoil();
        return undefined;
      }
      return new Lookup({ cache, draft, rule, call });
    },
  });
}

/** The entries for one call. It takes in the answer to the rest. */
class Lookup implements FetchLookup {
  readonly data: Data | undefined;
  readonly entities: readonly (Data | null | undefined)[];
  readonly #options: { cache: GatewayCache; draft: AnswerDraft; rule: FetchRule; call: CacheableCall };
  readonly #start: string;
  readonly #sources: readonly Source[];
  readonly #since: number;

  constructor(options: { cache: GatewayCache; draft: AnswerDraft; rule: FetchRule; call: CacheableCall }) {
    const { cache, draft, rule, call } = options;
    this.#options = options;
    this.#since = cache.lease;
    this.#sources = [cache.findService(call.node.service), ...rule.streams];
    this.#start = `${rule.id} ${describeSharer(rule.share, draft.viewer)} {${call.variables}}`;
    const { representations } = call;
    this.data = representations === undefined ? (this.#find(this.#start) as Data | undefined) : undefined;
    this.entities = representations?.map((text) => this.#find(this.#start + text)) ?? [];
  }

  keep(answer: SubgraphAnswer, texts: readonly string[]): void {
    const { draft, call } = this.#options;
    const { data } = answer;
    if ((answer.errors?.length ?? 0) > 0 || data == null) {
      draft.spoil();
      return;
    }
    if (call.representations === undefined) {
      this.#keep(this.#start, data, answer.text ?? JSON.stringify({ data }), undefined);
      return;
    }
    const entities: unknown = data['_entities'];
    if (!Array.isArray(entities) || entities.length !== texts.length) {
      draft.spoil();
      return;
    }
    for (const [index, text] of texts.entries()) {
      const entity: unknown = entities[index] ?? null;
      this.#keep(this.#start + text, entity, entity === null ? null : `{"data":${JSON.stringify(entity)}}`, text);
    }
  }

  #find(key: string): Data | null | undefined {
    const { cache, draft, rule } = this.#options;
    const kept = cache.find('part', key);
    if (kept === undefined || Buffer.isBuffer(kept.value)) return undefined;
    draft.add(kept, rule.share);
    // A new object each time: an execution adds to the objects that it gets.
    return kept.value === null ? null : (JSON.parse(kept.value) as { data: Data }).data;
  }

  #keep(key: string, data: unknown, value: string | null, representation: string | undefined): void {
    const { cache, draft, rule, call } = this.#options;
    const kept = {
      value,
      tags: rule.listTags(data, call.values, representation),
      sources: this.#sources,
      since: this.#since,
      expiresAt: cache.chooseExpiry(value !== null),
    };
    cache.keep('part', key, kept);
    draft.add(kept, rule.share);
  }
}
