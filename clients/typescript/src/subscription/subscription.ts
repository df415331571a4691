import type { Result } from '../results/result.ts';

/**
 * The states of a subscription.
 * - `connecting`: the client asks for the messages. It also has this state before it begins.
 * - `open`: messages come as they happen.
 * - `waiting`: the connection was lost, and the client pauses before the next one.
 * - `ended`: no further message comes.
 */
export type SubscriptionState = 'connecting' | 'open' | 'waiting' | 'ended';

export interface SubscribeOptions<Data = unknown> {
  /** Ends the connection at once. The iteration then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Subscribes without the session's token. Default false. */
  readonly anonymous?: boolean | undefined;
  /** Called with each new state; with the error that led to it, if one did. */
  readonly onState?: ((state: SubscriptionState, error?: unknown) => void) | undefined;
  /**
   * Called when changes of a set of objects may have been missed: read the list again. Default: the iteration throws the
   * GraphqlError EVENTS_MISSED.
   */
  readonly onMissed?: (() => void) | undefined;
  /** Called with a state that is not complete, since a service is unavailable. The complete one follows as a message. */
  readonly onPartial?: ((result: Result<Data>) => void) | undefined;
}

/** The messages of a subscription, for `for await`. It connects with the first call of `next`. */
export interface Subscription<Data> extends AsyncIterable<Data> {
  readonly state: SubscriptionState;
  next(): Promise<IteratorResult<Data, undefined>>;
  /** Ends the connection at once. A call of `next` that waits is done. */
  return(): Promise<IteratorResult<Data, undefined>>;
  [Symbol.asyncIterator](): Subscription<Data>;
}
