import type { Viewer } from '@shop/process';
import type { CacheShare } from '../supergraph/index.ts';
import type { Kept } from './cache-store.ts';
import { everyone, joinShares } from './share.ts';
import type { Source } from './source.ts';
import type { Freshness } from './version-tokens.ts';

/** The dependencies of the answer to an operation. They grow with each call that the operation needs. */
export class AnswerDraft {
  readonly viewer: Viewer;
  /** The writes that the answer must not miss. */
  readonly freshness: Freshness | undefined;
  /** The number of the last invalidation before the operation began. */
  readonly since: number;
  readonly tags = new Set<string>();
  readonly sources = new Set<Source>();
  /** The number of the last invalidation before its oldest part was read. */
  oldest: number;
  share: CacheShare = everyone;
  expiresAt = Infinity;
  #isKept = true;

  constructor(options: { viewer: Viewer; freshness?: Freshness | undefined; since: number }) {
    this.viewer = options.viewer;
    this.freshness = options.freshness;
    this.since = options.since;
    this.oldest = options.since;
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
  add(part: Omit<Kept, 'value' | 'since'>, share: CacheShare): void {
    for (const tag of part.tags) this.tags.add(tag);
    for (const source of part.sources) this.sources.add(source);
    this.expiresAt = Math.min(this.expiresAt, part.expiresAt);
    this.oldest = Math.min(this.oldest, part.oldest);
    this.share = joinShares(this.share, share);
  }
}
