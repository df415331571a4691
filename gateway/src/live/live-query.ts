import type { FeedEvent } from '../events/event-feed.ts';
import type { LiveOperation } from './live-operation.ts';
import { LiveObject, type ObjectState } from './live-object.ts';
import { SettledEvents } from './settled-events.ts';
import type { Subscriber } from './subscriber.ts';

/** The key of subscribers to all objects. */
const everyObject = '';
/** Objects of which a subscription to a set remembers what it has shown. */
const maxRemembered = 200;

/** Results that are sent in place of an object. */
export interface Notices {
  /** The object does not exist, or the caller may not see it. */
  readonly absent: string;
  /** Events may have been missed, so that the client should read its list again. */
  readonly missed: string;
}

export interface LiveQueryOptions {
  readonly operation: Pick<LiveOperation, 'source'>;
  /** Reads an object for the viewer of a subscriber. Never rejects. */
  readonly read: (id: string, subscriber: Subscriber) => Promise<ObjectState>;
  /** True where the client asked for one object: then it is told that the object does not exist. */
  readonly isForOne: boolean;
  readonly notices: Notices;
  /** Called when the last subscriber has left. */
  readonly onIdle: () => void;
  /** See LiveObject. */
  readonly isGuarded?: boolean;
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** A selection that subscribers of one class watch: each change of an object is read once for all of them. */
export class LiveQuery {
  readonly #options: LiveQueryOptions;
  readonly #subscribers = new Map<string, Set<Subscriber>>();
  readonly #objects = new Map<string, LiveObject>();
  readonly #settled = new SettledEvents();

  constructor(options: LiveQueryOptions) {
    this.#options = options;
  }

  /** True where the keys of subscribers are the ids of objects. */
  get #isById(): boolean {
    const { argument, member } = this.#options.operation.source;
    return argument !== undefined && member === undefined;
  }

  /**
   * @param keys the values that the subscriber chose; undefined for all objects
   * @param known the position of the last message that the subscriber has had, with the events after it; undefined for a new subscriber
   */
  add(subscriber: Subscriber, keys: readonly string[] | undefined, known?: KnownPosition): void {
    for (const key of keys ?? [everyObject]) {
      const subscribers = this.#subscribers.get(key);
      if (subscribers === undefined) this.#subscribers.set(key, new Set([subscriber]));
      else subscribers.add(subscriber);
      if (this.#isById) this.#findObject(key, key).welcome(subscriber, known?.hash);
    }
    if (this.#isById || known === undefined) return;
    if (known.events === undefined) return this.#tellMissed(subscriber);
    for (const event of known.events) {
      const key = this.#findKey(event);
      if ((keys ?? [everyObject]).includes(key)) this.#findObject(event.subject, key).welcome(subscriber);
    }
  }

  remove(subscriber: Subscriber): void {
    for (const [key, subscribers] of this.#subscribers) {
      if (!subscribers.delete(subscriber) || subscribers.size > 0) continue;
      this.#subscribers.delete(key);
      if (this.#isById) this.#objects.delete(key);
    }
    if (this.#subscribers.size === 0) this.#options.onIdle();
  }

  /** Shows the change that an event tells of. */
  handle(event: FeedEvent): void {
    const key = this.#findKey(event);
    if (!this.#subscribers.has(key)) return;
    const object = this.#findObject(event.subject, key);
    if (!this.#isById) this.#settled.begin(event, object);
    object.change(readSequence(event.data));
  }

  /** Shows what may have changed unseen. */
  refresh(): void {
    if (this.#isById) for (const object of this.#objects.values()) object.refresh();
    else
      for (const subscribers of this.#subscribers.values())
        for (const subscriber of subscribers) this.#tellMissed(subscriber);
  }

  #tellMissed(subscriber: Subscriber): void {
    subscriber.deliver(this, { json: this.#options.notices.missed, position: '' });
  }

  #findKey({ subject, data }: FeedEvent): string {
    const { argument, member } = this.#options.operation.source;
    if (argument === undefined) return everyObject;
    if (member === undefined) return subject;
    const value = isObject(data) ? data[member] : undefined;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  }

  #findObject(id: string, key: string): LiveObject {
    const known = this.#objects.get(id);
    if (known !== undefined) {
      if (!this.#isById) this.#remember(id, known);
      return known;
    }
    const { read, isForOne, notices, isGuarded, pause } = this.#options;
    const listSubscribers = (): Iterable<Subscriber> => this.#subscribers.get(key) ?? [];
    const object: LiveObject = new LiveObject({
      read: async () => {
        const [subscriber] = listSubscribers();
        return subscriber === undefined ? { kind: 'absent' } : read(id, subscriber);
      },
      listSubscribers,
      onAbsent: () => {
        if (!isForOne) return;
        for (const subscriber of [...listSubscribers()]) {
          subscriber.deliver(object, { json: notices.absent, position: '' });
          subscriber.end('complete');
        }
      },
      createPosition: (hash) => (this.#isById ? hash : formatPosition(this.#settled.newest)),
      onSettled: () => this.#settled.settle(object),
      ...(isGuarded === undefined ? {} : { isGuarded }),
      ...(pause === undefined ? {} : { pause }),
    });
    this.#remember(id, object);
    return object;
  }

  /** Those of a set are forgotten in the order of their use. Then a repeated event is shown again, which does no harm. */
  #remember(id: string, object: LiveObject): void {
    this.#objects.delete(id);
    this.#objects.set(id, object);
    if (this.#isById || this.#objects.size <= maxRemembered) return;
    for (const [oldest, { isIdle }] of this.#objects) {
      if (!isIdle) continue;
      this.#objects.delete(oldest);
      return;
    }
  }
}

/** The last message that a client had before it came back. */
export interface KnownPosition {
  /** The hash of the last message about one object. */
  readonly hash: string;
  /** The events after the last message about a set of objects; undefined where they are not known. */
  readonly events: readonly FeedEvent[] | undefined;
}

/** @returns an empty text where no event was shown yet */
export function formatPosition(event: FeedEvent | undefined): string {
  return event === undefined ? '' : `${event.stream}:${event.sequence}:${event.time.getTime()}`;
}

/** @returns undefined for another form */
export function parsePosition(position: string): Pick<FeedEvent, 'stream' | 'sequence' | 'time'> | undefined {
  const [, stream, sequence, time] = /^(\w+):(\d+):(\d+)$/.exec(position) ?? [];
  if (stream === undefined) return undefined;
  return { stream, sequence: Number(sequence), time: new Date(Number(time)) };
}

function readSequence(data: unknown): number | undefined {
  const sequence = isObject(data) ? data['sequence'] : undefined;
  return typeof sequence === 'number' ? sequence : undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
