import type { Viewer } from '@shop/process';
import type { OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { PreparedDocument } from '../execution/prepared-documents.ts';
import type { CacheShare, Variables } from '../supergraph/index.ts';
import type { AnswerDraft } from './answer-draft.ts';
import type { GatewayCache } from './gateway-cache.ts';
import { byScopes, describeSharer, everyone, joinShares } from './share.ts';

/** The facts about the answers to an operation. */
interface Known {
  /** Unique in the process. */
  readonly id: number;
  /** It grows with the answers: those to some variables may depend on more than those to others. */
  share: CacheShare;
  /** True when an answer was kept: until then there is nothing to look up. */
  hasKept: boolean;
}

/** An answer that is kept. */
export interface KeptAnswer {
  readonly text: Buffer;
  /** It is dropped when one of them is invalidated. */
  readonly tags: readonly string[];
  /** The callers who get the same answer: all of them, at least those who are not signed in, or some. */
  readonly sharing: 'everyone' | 'anonymous' | 'some';
}

let lastId = 0;

/** Keeps whole answers to operations as text, where all of their parts may be kept. */
export class AnswerCache {
  readonly #cache: GatewayCache;
  readonly #dependsOnAccess: (prepared: PreparedDocument) => boolean;
  readonly #operations = new WeakMap<OperationDefinitionNode, Known>();

  /** @param dependsOnAccess true for an operation that has fields which some callers may not have */
  constructor(cache: GatewayCache, dependsOnAccess: (prepared: PreparedDocument) => boolean) {
    this.#cache = cache;
    this.#dependsOnAccess = dependsOnAccess;
  }

  /** Finds the answer. The document is one that is kept, so that equal requests have the same operation. */
  find(
    { operation }: PreparedDocument,
    variables: Variables | undefined,
    { viewer, versionToken }: Pick<GatewayContext, 'viewer' | 'versionToken'>,
  ): KeptAnswer | undefined {
    const known = this.#operations.get(operation);
    if (known === undefined || !known.hasKept) return undefined;
    const { share } = known;
    const key = writeKey(known, variables, viewer);
    const kept = this.#cache.find('answer', key, this.#cache.readFreshness(versionToken));
    if (kept === undefined || !Buffer.isBuffer(kept.value)) return undefined;
    return { text: kept.value, tags: kept.tags, sharing: describeSharing(share, viewer) };
  }

  /**
   * Keeps an answer that has no errors.
   *
   * @returns undefined for one that is not kept
   */
  keep(
    prepared: PreparedDocument,
    variables: Variables | undefined,
    { draft, text }: { draft: AnswerDraft; text: string },
  ): KeptAnswer | undefined {
    const { operation } = prepared;
    if (!draft.isKept || operation.operation !== 'query') return undefined;
    // Nothing that changes: an answer without a call, such as one about the schema.
    if (draft.sources.size === 0) return undefined;
    let known = this.#operations.get(operation);
    if (known === undefined) {
      const share = this.#dependsOnAccess(prepared) ? byScopes : everyone;
      this.#operations.set(operation, (known = { id: (lastId += 1), share, hasKept: false }));
    }
    known.share = joinShares(known.share, draft.share);
    known.hasKept = true;
    const value = Buffer.from(text);
    const tags = [...draft.tags];
    const isKept = this.#cache.keep('answer', writeKey(known, variables, draft.viewer), {
      value,
      tags,
      sources: [...draft.sources],
      since: draft.since,
      oldest: draft.oldest,
      expiresAt: draft.expiresAt,
    });
    return isKept ? { text: value, tags, sharing: describeSharing(known.share, draft.viewer) } : undefined;
  }
}

function describeSharing(share: CacheShare, viewer: Viewer): KeptAnswer['sharing'] {
  if (share === everyone) return 'everyone';
  return describeSharer(share, viewer) === '' ? 'anonymous' : 'some';
}

function writeKey({ id, share }: Known, variables: Variables | undefined, viewer: Viewer): string {
  const given = variables === undefined ? '' : JSON.stringify(variables);
  return `answer ${id} ${describeSharer(share, viewer)} ${given}`;
}
