import { randomBytes } from 'node:crypto';
import type { Logger } from '@shop/process';
import type { FeedEvent } from '../events/event-feed.ts';
import type { RedisConnection } from '../redis-connection.ts';
import type { Kept } from './cache-store.ts';
import type { Channels } from './channels.ts';
import type { Source } from './source.ts';
import { StreamHistory } from './stream-history.ts';

/** A part of an answer: an entity, or root fields of a subgraph. */
export interface Part extends Omit<Kept, 'value' | 'sources' | 'oldest'> {
  readonly value: string | null;
}

export interface SharedPartsOptions {
  readonly redis: Pick<RedisConnection, 'client' | 'isUp'>;
  readonly channels: Channels;
  readonly logger: Logger;
  /** The longest time that a part is kept, in milliseconds. */
  readonly maxLifetimeMs: number;
  /** Milliseconds by the steady clock. */
  readonly now: () => number;
}

const prefix = 'shop-cache:';
const nameMark = (service: string): string => `${prefix}write:${service}`;

/** Longer than any part is kept. A mark that expires makes parts useless, and never wrong. */
const markMs = 86_400_000;
/** After a failure, requests go on without Redis for this time, so that not each of them waits. */
const pauseMs = 1_000;
const maxBytes = 1024 * 1024;

/**
 * Keeps parts of answers in Redis for all gateways. The events decide about them as about the parts in memory: a part tells the last event
 * that its gateway had handled before it was read, and another gateway uses it only if it knows that event and all after it.
 *
 * A mark tells the last mutation of a service. A part from before it is useless, so that no caller misses its own write.
 */
export class SharedParts {
  /** Lookups since the start, for metrics. */
  readonly counts = { hit: 0, miss: 0, refused: 0, failed: 0 };
  readonly #options: SharedPartsOptions;
  readonly #histories = new Map<string, StreamHistory>();
  /** The number of the last event, by type. */
  readonly #lastNumbers = new Map<string, number>();
  readonly #writes = new Map<string, { pending: number; isFailed: boolean }>();
  #pausedUntil = -Infinity;

  constructor(options: SharedPartsOptions) {
    this.#options = options;
  }

  /**
   * Notes that an event was handled.
   *
   * @param number that of the last invalidation. It differs from that of the event before.
   */
  noteEvent({ stream, sequence, time, type }: FeedEvent, number: number): void {
    this.#lastNumbers.set(type, number);
    let history = this.#histories.get(stream);
    if (history === undefined) this.#histories.set(stream, (history = new StreamHistory()));
    // A stream that was lost and filled again has other events at the same places.
    history.add(`${sequence}@${+time}`, number);
  }

  /** The number of the last event of a type; 0 when there was none. */
  findLastNumber(type: string): number {
    return this.#lastNumbers.get(type) ?? 0;
  }

  /** Notes that events of a stream may be missing. */
  noteGap(stream: string): void {
    this.#histories.delete(stream);
  }

  /** Makes all that the gateways keep of a service useless. It never rejects. Call it before the caller of the mutation gets the answer. */
  async noteWrite(service: string): Promise<void> {
    let writes = this.#writes.get(service);
    if (writes === undefined) this.#writes.set(service, (writes = { pending: 0, isFailed: false }));
    writes.pending += 1;
    try {
      await this.#options.redis.client.set(nameMark(service), createMark(), 'PX', markMs);
      writes.isFailed = false;
    } catch (error) {
      writes.isFailed = true;
      this.noteFailure(error);
    } finally {
      writes.pending -= 1;
    }
  }

  /**
   * Begins a read of parts.
   *
   * @param since the number of the last invalidation
   * @returns undefined when Redis cannot be used now
   */
  begin(service: string, streams: readonly Source[], since: number): SharedRead | undefined {
    if (!this.#options.redis.isUp() || this.#options.now() < this.#pausedUntil) return undefined;
    const writes = this.#writes.get(service);
    if (writes !== undefined && (writes.pending > 0 || writes.isFailed)) {
      if (writes.pending === 0) void this.noteWrite(service);
      return undefined;
    }
    const histories = new Map<string, StreamHistory>();
    const places: Record<string, string> = {};
    for (const { name } of streams) {
      const history = this.#histories.get(name);
      if (history?.last === undefined) return undefined;
      histories.set(name, history);
      places[name] = history.last;
    }
    return new SharedRead({ ...this.#options, shared: this, service, histories, places, since });
  }

  noteFailure(error: unknown): void {
    this.counts.failed += 1;
    this.#pausedUntil = this.#options.now() + pauseMs;
    this.#options.logger.debug(
      { err: error },
      'Redis does not answer, so parts of answers are not shared for a moment',
    );
  }
}

/** The text of a part in Redis is this as JSON, a line feed, and its value. */
interface Head {
  /** The last event that was handled before it was read, by stream. */
  readonly places: Readonly<Record<string, string>>;
  readonly mark: string;
  /** The types of events of the channels that the tags name. */
  readonly channels: Readonly<Record<string, readonly string[]>>;
  readonly tags: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly isNull: boolean;
}

interface SharedReadOptions extends SharedPartsOptions {
  readonly shared: SharedParts;
  readonly service: string;
  readonly histories: ReadonlyMap<string, StreamHistory>;
  /** The last event that was handled, by stream. */
  readonly places: Readonly<Record<string, string>>;
  /** The number of the last invalidation. */
  readonly since: number;
}

/** The parts for one call. */
export class SharedRead {
  readonly #options: SharedReadOptions;
  #mark: string | undefined;

  constructor(options: SharedReadOptions) {
    this.#options = options;
  }

  /** Finds the parts for keys; undefined for those that are not there, or that may be old. It never rejects. */
  async find(keys: readonly string[]): Promise<readonly (Part | undefined)[]> {
    const { redis, shared, service } = this.#options;
    const markKey = nameMark(service);
    try {
      const [mark, ...texts] = await redis.client.mget(markKey, ...keys.map((key) => prefix + key));
      if (mark == null) {
        // Nothing can be kept without one. An earlier one may have been lost.
        await redis.client.set(markKey, createMark(), 'PX', markMs, 'NX');
        return [];
      }
      this.#mark = mark;
      return texts.map((text) => {
        if (text === null) {
          shared.counts.miss += 1;
          return undefined;
        }
        const part = this.#read(text, mark);
        shared.counts[part === undefined ? 'refused' : 'hit'] += 1;
        return part;
      });
    } catch (error) {
      shared.noteFailure(error);
      return [];
    }
  }

  /** Keeps a part that has not changed since this read began. Nobody waits for it. */
  keep(key: string, { value, tags, expiresAt }: Pick<Part, 'value' | 'tags' | 'expiresAt'>): void {
    const { redis, channels, shared, places, now } = this.#options;
    const lifetime = Math.floor(expiresAt - now());
    if (this.#mark === undefined || lifetime <= 0 || (value?.length ?? 0) > maxBytes) return;
    const head: Head = {
      places,
      mark: this.#mark,
      channels: channels.describe(tags),
      tags,
      expiresAt: Date.now() + lifetime,
      isNull: value === null,
    };
    const text = `${JSON.stringify(head)}\n${value ?? ''}`;
    redis.client.set(prefix + key, text, 'PX', lifetime).catch((error: unknown) => shared.noteFailure(error));
  }

  /** @returns undefined for a part that may be old, or that another release has written */
  #read(text: string, mark: string): Part | undefined {
    const end = text.indexOf('\n');
    let head: Head;
    try {
      head = JSON.parse(text.slice(0, end)) as Head;
    } catch {
      return undefined;
    }
    const { channels, histories, maxLifetimeMs, now } = this.#options;
    let { since } = this.#options;
    const translated = channels.translate(head.tags, head.channels);
    if (head.mark !== mark || translated === undefined) return undefined;
    const { tags, unseenUntil } = translated;
    for (const [stream, history] of histories) {
      const number = history.find(head.places[stream] ?? '');
      if (number === undefined) return undefined;
      since = Math.min(since, number);
    }
    if (since < unseenUntil) return undefined;
    // The clocks of two machines may differ.
    const expiresAt = now() + Math.min(head.expiresAt - Date.now(), maxLifetimeMs);
    return { value: head.isNull ? null : text.slice(end + 1), tags, since, expiresAt };
  }
}

const createMark = (): string => randomBytes(12).toString('base64url');
