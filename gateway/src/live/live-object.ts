import { createHash } from 'node:crypto';
import { delayAfter } from '@shop/messaging';
import type { Subscriber } from './subscriber.ts';

/** An object as a subgraph shows it to the subscribers. */
export type ObjectState =
  | {
      readonly kind: 'present';
      /** The result as JSON, as subscribers get it. */
      readonly json: string;
      /** Undefined where the object has no version. */
      readonly version: number | undefined;
      /** False when a part is missing because a service is away. */
      readonly isWhole: boolean;
    }
  /** It does not exist, or the subscribers may not see it. */
  | { readonly kind: 'absent' }
  /** A service is away. The JSON has the errors. */
  | { readonly kind: 'failed'; readonly json: string };

export interface LiveObjectOptions {
  /** Reads the object now. Never rejects. */
  readonly read: () => Promise<ObjectState>;
  /** Those who get each change. */
  readonly listSubscribers: () => Iterable<Subscriber>;
  /** Called where the object is absent: before its first state, or later. */
  readonly onAbsent: () => void;
  /** Called when every event so far is shown, or nobody listens any more. */
  readonly onSettled?: () => void;
  /** The position of a message with a hash about the object. */
  readonly createPosition: (hash: string) => string;
  /** Waits before another attempt, in milliseconds. For tests. Default: by the clock. */
  readonly pause?: (milliseconds: number) => Promise<void>;
  /** False to show changes that were late, repeated or going back. For the test that shows that it finds them. Default: true. */
  readonly isGuarded?: boolean;
}

const backoff = { firstMs: 100, maxMs: 5_000 };
/** Attempts after which a newcomer gets the error, and a version that events promised is given up. */
const maxAttempts = 6;

/**
 * One object that subscribers of one selection watch. Reads follow one another, so that a later one never shows an earlier state. A read
 * that begins after an event shows the change, because the event was published after the commit. What changes during a read is read again
 * after it, once.
 */
export class LiveObject {
  readonly #options: LiveObjectOptions;
  /** Those who have not got a state yet, with the hash of the last message that they have had before. */
  #newcomers = new Map<Subscriber, string | undefined>();
  #shown: { readonly json: string; readonly version: number } | undefined;
  /** The highest version that an event has promised. */
  #promised = -1;
  #isStale = false;
  #isRunning = false;

  constructor(options: LiveObjectOptions) {
    this.#options = options;
  }

  /** True when nothing is being read. */
  get isIdle(): boolean {
    return !this.#isRunning;
  }

  /**
   * Reads the state for a subscriber that has none yet.
   *
   * @param hash of the last message that it has had before; then it gets no message that is the same
   */
  welcome(subscriber: Subscriber, hash?: string): void {
    this.#newcomers.set(subscriber, hash);
    this.refresh();
  }

  /** @param sequence the version that the object has at least; undefined where the event does not say */
  change(sequence: number | undefined): void {
    if (this.#isGuarded && sequence !== undefined && sequence <= (this.#shown?.version ?? -1)) {
      if (!this.#isRunning) this.#options.onSettled?.();
      return;
    }
    this.#promised = Math.max(this.#promised, sequence ?? -1);
    this.refresh();
  }

  /** Reads the state, since changes may have been missed. */
  refresh(): void {
    this.#isStale = true;
    if (!this.#isRunning) void this.#run();
  }

  get #isGuarded(): boolean {
    return this.#options.isGuarded !== false;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    const { pause = waitFor } = this.#options;
    let failures = 0;
    while (this.#isStale && this.#hasSubscribers()) {
      this.#isStale = false;
      const newcomers = this.#newcomers;
      this.#newcomers = new Map();
      const state = await this.#options.read();
      const isRight = this.#show(state, newcomers, failures + 1 >= maxAttempts);
      failures = isRight ? 0 : failures + 1;
      if (isRight) continue;
      this.#isStale = true;
      await pause(delayAfter(failures, backoff));
    }
    this.#isRunning = false;
    this.#options.onSettled?.();
  }

  #hasSubscribers(): boolean {
    for (const _subscriber of this.#options.listSubscribers()) return true;
    return false;
  }

  /** @returns false when the object must be read again */
  #show(state: ObjectState, newcomers: Newcomers, isLastAttempt: boolean): boolean {
    switch (state.kind) {
      case 'absent':
        this.#shown = undefined;
        this.#options.onAbsent();
        return true;
      case 'failed':
        if (isLastAttempt) this.#deliver(newcomers.keys(), state.json, newcomers, '');
        else this.#keep(newcomers);
        return false;
      default:
        return this.#showPresent(state, newcomers, isLastAttempt);
    }
  }

  #showPresent(
    { json, version = this.#promised, isWhole }: ObjectState & { kind: 'present' },
    newcomers: Newcomers,
    isLastAttempt: boolean,
  ): boolean {
    const least = Math.max(this.#promised, this.#shown?.version ?? -1);
    if (this.#isGuarded && version < least) {
      if (!isLastAttempt) {
        this.#keep(newcomers);
        return false;
      }
      // The database was restored to an earlier state.
      this.#promised = version;
    }
    const isNew = version !== this.#shown?.version || json !== this.#shown.json || !this.#isGuarded;
    this.#shown = { json, version };
    if (!this.#isStale) this.#options.onSettled?.();
    const hash = hashJson(json);
    if (isNew) this.#deliver(this.#options.listSubscribers(), json, newcomers, hash);
    else this.#deliver(newcomers.keys(), json, newcomers, hash);
    return isWhole;
  }

  /** They wait for the next attempt. */
  #keep(newcomers: Newcomers): void {
    for (const [subscriber, hash] of newcomers)
      if (subscriber.ending === undefined) this.#newcomers.set(subscriber, hash);
  }

  #deliver(subscribers: Iterable<Subscriber>, json: string, newcomers: Newcomers, hash: string): void {
    const message = { json, position: this.#options.createPosition(hash) };
    // Those who came during the read wait for the next one: this one may be older than their subscription.
    for (const subscriber of subscribers)
      if (newcomers.get(subscriber) !== hash && !this.#newcomers.has(subscriber)) subscriber.deliver(this, message);
  }
}

type Newcomers = ReadonlyMap<Subscriber, string | undefined>;

/** Identifies the text of a message. */
export const hashJson = (json: string): string => createHash('sha256').update(json).digest('base64url').slice(0, 16);

const waitFor = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
