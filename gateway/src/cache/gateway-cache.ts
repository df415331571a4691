import type { Logger, Viewer } from '@shop/process';
import type { EventFeed, FeedEvent } from '../events/event-feed.ts';
import type { ReadGeneration } from '../execution/transport/shared-reads.ts';
import type { RedisConnection } from '../redis-connection.ts';
import { AnswerDraft } from './answer-draft.ts';
import { CacheStore, type Kept } from './cache-store.ts';
import { Channels, tagOfAll, tagOfSubject } from './channels.ts';
import { Invalidations, type Leases } from './invalidations.ts';
import { SharedParts } from './shared-parts.ts';
import type { Source } from './source.ts';
import { VersionTokens, type Freshness } from './version-tokens.ts';

/** The kinds of entries: a part is the answer to a call, and an answer that to an operation. */
export type CacheLevel = 'part' | 'answer';

export interface GatewayCacheOptions {
  /** Bytes of memory, by estimate. */
  readonly maxBytes: number;
  readonly feed: Pick<EventFeed, 'listen' | 'isCurrent' | 'isFollowed' | 'findStream'>;
  /** Tells that later reads must not join earlier ones. */
  readonly generation: Pick<ReadGeneration, 'invalidate'>;
  readonly logger: Logger;
  /** Where the gateways share parts of answers. Default: each keeps its own. */
  readonly redis?: Pick<RedisConnection, 'client' | 'isUp'> | undefined;
  /** Default: those that the cache needs to be right. A test can leave them out, to show that it fails then. */
  readonly leases?: Leases;
  /** Milliseconds; default: the steady clock. */
  readonly now?: () => number;
  /** From 0 up to 1; default: `Math.random`. */
  readonly random?: () => number;
}

/**
 * The longest time that something is kept, in milliseconds. It bounds the harm of a change without an event; each entry has a random
 * part of the last tenth less, so that entries of one moment do not expire together. A missing object is asked for again sooner.
 */
const lifetimeMs = { value: 300_000, nothing: 10_000 };

/**
 * The answers of subgraphs, for all supergraphs that the gateway serves. Events keep them true: an answer is served only while the gateway
 * gets the events that would change it, and kept only if none of them came since it was read.
 */
export class GatewayCache {
  /** Counts since the start, for metrics. */
  readonly counts = {
    answer: { hit: 0, miss: 0, kept: 0, refused: 0 },
    part: { hit: 0, miss: 0, kept: 0, refused: 0 },
    invalidations: { event: 0, gap: 0, write: 0 },
    evictions: 0,
  };
  readonly channels: Channels;
  /** Undefined where the gateways share nothing. */
  readonly shared: SharedParts | undefined;
  readonly #options: GatewayCacheOptions;
  readonly #store: CacheStore;
  readonly #leases: Leases;
  readonly #streams = new Map<string, Source>();
  readonly #services = new Map<string, Source>();
  readonly #tokens: VersionTokens;
  readonly #now: () => number;
  readonly #stopListening: () => void;

  constructor(options: GatewayCacheOptions) {
    const { maxBytes, feed, redis, logger } = options;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#leases = options.leases ?? new Invalidations();
    this.#store = new CacheStore({ maxBytes, now: this.#now, onEvict: () => (this.counts.evictions += 1) });
    this.channels = new Channels(
      (type) => {
        const name = feed.findStream(type);
        if (name !== undefined) return this.#findStreamSource(name);
        logger.warn(
          { type },
          'No service publishes the events of a type that @cached names, so nothing is cached there',
        );
        return undefined;
      },
      (type) => this.shared?.findLastNumber(type) ?? 0,
    );
    const { channels } = this;
    const maxLifetimeMs = lifetimeMs.value;
    this.shared = redis && new SharedParts({ redis, channels, logger, maxLifetimeMs, now: this.#now });
    this.#tokens = new VersionTokens({
      now: () => this.#leases.now,
      advance: () => {
        this.#leases.invalidate([]);
        options.generation.invalidate();
        return this.#leases.now;
      },
    });
    this.#stopListening = feed.listen({
      onEvent: (event) => this.#takeEvent(event),
      onGap: (stream) => this.#takeGap(stream),
    });
  }

  /** The contents, for metrics. The bytes are an estimate. */
  get state(): { readonly entries: number; readonly bytes: number } {
    return this.#store.state;
  }

  /** The streams that declarations name, and whether their events come. */
  listStreams(): readonly { readonly name: string; readonly isFollowed: boolean }[] {
    return [...this.#streams.keys()].map((name) => ({ name, isFollowed: this.#options.feed.isFollowed(name) }));
  }

  /** The number to remember before something is read that may be kept. */
  get lease(): number {
    return this.#leases.now;
  }

  /**
   * Begins the answer to an operation.
   *
   * @param freshness the writes that the answer must not miss
   */
  begin(viewer: Viewer, freshness?: Freshness): AnswerDraft {
    return new AnswerDraft({ viewer, freshness, since: this.#leases.now });
  }

  /** The writes that the answer to a request must not miss, by the version tokens that it has. */
  readFreshness(versionToken: string | undefined): Freshness | undefined {
    return versionToken === undefined ? undefined : this.#tokens.read(versionToken);
  }

  /** @param freshness the writes that it must not miss */
  find(level: CacheLevel, key: string, freshness: Freshness | undefined): Kept | undefined {
    const found = this.#store.find(key);
    const kept = found === undefined || this.isUsable(found, freshness) ? found : undefined;
    this.counts[level][kept === undefined ? 'miss' : 'hit'] += 1;
    return kept;
  }

  /** True for a caller who has not written since it was read. */
  isUsable({ sources, oldest }: Kept, freshness: Freshness | undefined): boolean {
    return freshness === undefined || sources.every(({ name }) => oldest >= (freshness.get(name) ?? 0));
  }

  /**
   * Keeps something, unless it may have changed since it was read.
   *
   * @returns false when it may have changed
   */
  keep(level: CacheLevel, key: string, kept: Kept): boolean {
    const { sources, tags, since } = kept;
    const isRight = sources.every((source) => source.isCurrent()) && this.#leases.isUntouched(tags, sources, since);
    this.counts[level][isRight ? 'kept' : 'refused'] += 1;
    if (isRight) this.#store.keep(key, kept);
    return isRight;
  }

  /** When something that is kept now expires, in milliseconds by the steady clock. */
  chooseExpiry(exists: boolean): number {
    const { random = Math.random } = this.#options;
    const lifetime = exists ? lifetimeMs.value : lifetimeMs.nothing;
    return this.#now() + lifetime * (1 - random() / 10);
  }

  /**
   * Drops all that comes from a service. Call this when a mutation of it has been answered, before its caller gets the answer.
   *
   * @param written the version tokens of the mutation, by service. It gets one more.
   * @returns when the other gateways do not serve it either, where they share parts
   */
  noteWrite(service: string, written: Map<string, string>): Promise<void> | undefined {
    this.#leases.flush(this.findService(service));
    this.counts.invalidations.write += 1;
    this.#options.generation.invalidate();
    written.set(service, this.#tokens.issue(service, this.#leases.now));
    return this.shared?.noteWrite(service);
  }

  /** A service whose answers are kept. */
  findService(name: string): Source {
    let source = this.#services.get(name);
    if (source === undefined) this.#services.set(name, (source = { name, flushedAt: 0, isCurrent: () => true }));
    return source;
  }

  /** Nothing is served any more. */
  stop(): void {
    this.#stopListening();
    for (const stream of this.#streams.values()) stream.isCurrent = () => false;
  }

  #findStreamSource(name: string): Source {
    const { feed } = this.#options;
    let source = this.#streams.get(name);
    if (source === undefined)
      this.#streams.set(name, (source = { name, flushedAt: 0, isCurrent: () => feed.isCurrent(name) }));
    return source;
  }

  #takeEvent(event: FeedEvent): void {
    const { type, subject } = event;
    const channels = this.channels.ofType(type);
    if (channels.length > 0) {
      const tags = channels.flatMap((channel) => [tagOfSubject(channel, subject), tagOfAll(channel)]);
      this.#leases.invalidate(tags);
      this.#store.invalidate(tags);
      this.counts.invalidations.event += 1;
      this.#options.generation.invalidate();
    } else if (this.shared !== undefined) {
      // Each event needs a number of its own.
      this.#leases.invalidate([]);
    }
    this.shared?.noteEvent(event, this.#leases.now);
  }

  #takeGap(stream: string): void {
    this.shared?.noteGap(stream);
    const source = this.#streams.get(stream);
    if (source === undefined) return;
    this.#leases.flush(source);
    this.counts.invalidations.gap += 1;
    this.#options.generation.invalidate();
  }
}
