import type { Viewer } from '@shop/process';
import type { OperationDefinitionNode } from 'graphql';
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

  /** The text of the answer. The document is one that is kept, so that equal requests have the same operation. */
  find({ operation }: PreparedDocument, variables: Variables | undefined, viewer: Viewer): Buffer | undefined {
    const known = this.#operations.get(operation);
    if (known === undefined || !known.hasKept) return undefined;
    const kept = this.#cache.find('answer', writeKey(known, variables, viewer));
    return Buffer.isBuffer(kept?.value) ? kept.value : undefined;
  }

  /** Keeps an answer that has no errors. */
  keep(
    prepared: PreparedDocument,
    variables: Variables | undefined,
    { draft, text }: { draft: AnswerDraft; text: string },
  ): void {
    const { operation } = prepared;
    if (!draft.isKept || operation.operation !== 'query') return;
    // Nothing that changes: an answer without a call, such as one about the schema.
    if (draft.sources.size === 0) return;
    let known = this.#operations.get(operation);
    if (known === undefined) {
      const share = this.#dependsOnAccess(prepared) ? byScopes : everyone;
      this.#operations.set(operation, (known = { id: (lastId += 1), share, hasKept: false }));
    }
    known.share = joinShares(known.share, draft.share);
    known.hasKept = true;
    this.#cache.keep('answer', writeKey(known, variables, draft.viewer), {
      value: Buffer.from(text),
      tags: [...draft.tags],
      sources: [...draft.sources],
      since: draft.since,
      expiresAt: draft.expiresAt,
    });
  }
}

function writeKey({ id, share }: Known, variables: Variables | undefined, viewer: Viewer): string {
  const given = variables === undefined ? '' : JSON.stringify(variables);
  return `answer ${id} ${describeSharer(share, viewer)} ${given}`;
}
