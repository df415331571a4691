import type { Viewer } from '@shop/process';
import type { CacheShare } from '../supergraph/index.ts';
import { everyone, joinShares } from './share.ts';
import type { Source } from './source.ts';

/** The dependencies of the answer to an operation. They grow with each call that the operation needs. */
export class AnswerDraft {
  readonly viewer: Viewer;
  /** The number of the last invalidation before the operation began. */
  readonly since: number;
  readonly tags = new Set<string>();
  readonly sources = new Set<Source>();
  share: CacheShare = everyone;
  expiresAt = Infinity;
  #isKept = true;

  constructor(viewer: Viewer, since: number) {
    this.viewer = viewer;
    this.since = since;
  }

  /** True while all that it consists of may be kept. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** Notes a part that must not be kept. */
  spoil(): void {
    this.#isKept = false;
  }

  /** Adds what a part depends on. */
  add(part: { tags: readonly string[]; sources: readonly Source[]; expiresAt: number }, share: CacheShare): void {
    for (const tag of part.tags) this.tags.add(tag);
    for (const source of part.sources) this.sources.add(source);
    this.expiresAt = Math.min(this.expiresAt, part.expiresAt);
    this.share = joinShares(this.share, share);
  }
}
