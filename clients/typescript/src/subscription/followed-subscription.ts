import { GraphqlError, HttpError, SessionEndedError } from '../errors.ts';
import { isTransient } from '../retry/is-transient.ts';
import type { RetryOptions } from '../retry/retry-exchange.ts';
import { chooseTokens } from '../session/choose-tokens.ts';
import { readSessionId } from '../session/session-id.ts';
import type { Session } from '../session/session.ts';
import type { Tokens } from '../session/tokens.ts';
import type { Transport } from '../transport/create-fetch.ts';
import { waitUnlessAborted } from '../transport/deadline.ts';
import type { ServerEvent } from './event-parser.ts';
import { readMessage } from './read-message.ts';
import { SeenStates } from './seen-states.ts';
import { openStream, RefusedError } from './stream.ts';
import type { SubscribeOptions, Subscription, SubscriptionState } from './subscription.ts';

export interface SubscriptionRequest<Data> {
  readonly url: string;
  readonly transport: Transport;
  readonly session: Session;
  readonly retry: RetryOptions;
  /** The longest time without a byte, in milliseconds. */
  readonly heartbeatMs: number;
  /** The JSON of the operation. */
  readonly body: string;
  readonly options: SubscribeOptions<Data>;
}

/**
 * Sent where the last connection gave no position. The gateway does not know it, so it says when changes of a set may have been
 * missed. Without a position, it would send changes from now on and say nothing.
 */
const unknownPosition = '-';

const done = { done: true, value: undefined } as const;

/** Follows a subscription over as many connections as it takes. A message is read when the caller asks for it. */
export class FollowedSubscription<Data> implements Subscription<Data> {
  readonly #request: SubscriptionRequest<Data>;
  readonly #retry: Required<RetryOptions>;
  readonly #messages: AsyncGenerator<Data, undefined>;
  readonly #seen = new SeenStates();
  /** Fires when the caller leaves or aborts. */
  readonly #leaving = new AbortController();
  #isLeft = false;
  #state: SubscriptionState | undefined;
  /** The tokens of the first attempt; null when nobody was signed in. */
  #began: Tokens | null | undefined;
  #tokens: Tokens | null = null;
  /** Tokens that the server refused, and that the next attempt replaces. */
  #refused: Tokens | undefined;
  /** True after tokens were replaced, until a message shows that the server accepts the new ones. */
  #isRenewed = false;
  /** The position of the last message: empty where it is not known, undefined before the first connection. */
  #position: string | undefined;
  /** Failed attempts in a row. */
  #failures = 0;
  /** Attempts in a row for which the server had too many subscriptions. */
  #refusals = 0;
  /** The pause that the server has asked for, in milliseconds. */
  #leastPauseMs = 0;

  constructor(request: SubscriptionRequest<Data>) {
    this.#request = request;
    this.#retry = { attempts: 4, firstMs: 250, longestMs: 10_000, ...request.retry };
    this.#began = request.options.anonymous === true ? null : undefined;
    this.#messages = this.#readMessages();
  }

  get state(): SubscriptionState {
    return this.#state ?? 'connecting';
  }

  async next(): Promise<IteratorResult<Data, undefined>> {
    try {
      return await this.#messages.next();
    } catch (error) {
      if (this.#isLeft) return done;
      throw error;
    }
  }

  async return(): Promise<IteratorResult<Data, undefined>> {
    this.#isLeft = true;
    this.#leaving.abort();
    await this.#messages.return(undefined);
    this.#enter('ended');
    return done;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async *#readMessages(): AsyncGenerator<Data, undefined> {
    const { signal } = this.#request.options;
    const abort = () => this.#leaving.abort(signal?.reason);
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
    // The server does not end the streams of somebody who signs out.
    const stopListening = this.#request.session.listen((tokens) => this.#leaveUnlessSame(tokens));
    let failure: unknown;
    try {
      for (;;) {
        this.#leaving.signal.throwIfAborted();
        this.#enter('connecting');
        try {
          yield* this.#readConnection();
          return undefined;
        } catch (error) {
          await this.#pauseAfter(error);
        }
      }
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
      stopListening();
      this.#enter('ended', failure);
    }
  }

  /**
   * Returns when the server has nothing more to send.
   *
   * @throws RefusedError, NetworkError or TimeoutError for a connection that ended otherwise, and the errors of a refresh
   */
  async *#readConnection(): AsyncGenerator<Data, void> {
    const { url, transport, heartbeatMs, body } = this.#request;
    const headers = { ...(await this.#authorize()), ...this.#resume() };
    const stream = await openStream({
      url,
      transport,
      body,
      headers,
      lastEventId: this.#position ?? '',
      heartbeatMs,
      signal: this.#leaving.signal,
    });
    const openedAt = performance.now();
    this.#seen.begin();
    this.#position ??= '';
    try {
      this.#enter('open');
      for await (const event of stream.events) {
        this.#position = event.lastEventId;
        if (event.type === 'complete') return;
        if (event.type === 'next') yield* this.#readEvent(event);
      }
    } finally {
      stream.close();
      this.#leastPauseMs = stream.retryMs ?? 0;
      // It worked, also if nothing happened meanwhile.
      if (performance.now() - openedAt > this.#retry.longestMs) this.#forgetFailures();
    }
  }

  async #authorize(): Promise<Record<string, string>> {
    const { signal } = this.#leaving;
    const tokens = await waitUnlessAborted(chooseTokens(this.#request.session, this.#began, this.#refused), signal);
    this.#began ??= tokens;
    this.#tokens = tokens;
    this.#isRenewed ||= this.#refused !== undefined;
    this.#refused = undefined;
    return tokens === null ? {} : { authorization: `Bearer ${tokens.accessToken}` };
  }

  #leaveUnlessSame(tokens: Tokens | null): void {
    if (this.#began == null) return;
    if (tokens === null || readSessionId(tokens.accessToken) !== readSessionId(this.#began.accessToken))
      this.#leaving.abort(new SessionEndedError());
  }

  #resume(): Record<string, string> {
    return this.#position === undefined ? {} : { 'last-event-id': this.#position || unknownPosition };
  }

  *#readEvent({ data: text, lastEventId }: ServerEvent): Generator<Data, void> {
    const { onMissed, onPartial } = this.#request.options;
    const message = readMessage(text);
    if (message === undefined) throw new HttpError(200);
    const { data, errors } = message;
    const has = (code: string): boolean => errors.some((error) => error.code === code);
    // The server ends the stream with this one, and it is about the token. A field without permission has a path.
    if (data === null && errors.some(({ code, path }) => code === 'UNAUTHENTICATED' && path.length === 0))
      throw new RefusedError(new GraphqlError(errors, data, 401), undefined);
    this.#forgetFailures();
    if (errors.length === 0) {
      if (this.#seen.isNew(text, lastEventId, data)) yield data as Data;
    } else if (has('EVENTS_MISSED') && onMissed !== undefined) {
      onMissed();
    } else if (errors.every(({ code }) => code === 'SERVICE_UNAVAILABLE')) {
      onPartial?.({ data: data as Data | null, errors });
    } else {
      throw new GraphqlError(errors, data, 200);
    }
  }

  /** Waits before the next connection. @throws the error when another connection would be useless */
  async #pauseAfter(error: unknown): Promise<void> {
    const { signal } = this.#leaving;
    signal.throwIfAborted();
    const isRefused = error instanceof RefusedError;
    const reason: unknown = isRefused ? error.cause : error;
    if (this.#mayRenew(reason)) {
      this.#refused = this.#tokens ?? undefined;
      return;
    }
    if (!isRetryable(reason)) throw reason;
    this.#failures += 1;
    this.#refusals = isTooMany(reason) ? this.#refusals + 1 : 0;
    if (this.#refusals >= this.#retry.attempts) throw reason;
    this.#enter('waiting', reason);
    const { firstMs, longestMs } = this.#retry;
    const backoff = Math.min(longestMs, firstMs * 2 ** (this.#failures - 1)) * (0.5 + Math.random() / 2);
    const askedMs = Math.max(this.#leastPauseMs, isRefused ? (error.retryAfterMs ?? 0) : 0);
    await pause(Math.max(backoff, askedMs), signal);
  }

  #mayRenew(reason: unknown): boolean {
    return reason instanceof GraphqlError && reason.status === 401 && this.#tokens !== null && !this.#isRenewed;
  }

  #forgetFailures(): void {
    this.#failures = 0;
    this.#refusals = 0;
    this.#isRenewed = false;
  }

  #enter(state: SubscriptionState, error?: unknown): void {
    if (this.#state === state || this.#state === 'ended') return;
    this.#state = state;
    this.#request.options.onState?.(state, error);
  }
}

/** A message with an error is final: the server decided it for this subscription. */
function isRetryable(reason: unknown): boolean {
  return isTransient(reason, true);
}

function isTooMany(reason: unknown): boolean {
  return reason instanceof GraphqlError && reason.code === 'TOO_MANY_SUBSCRIPTIONS';
}

/** Waits for milliseconds. @throws the signal's reason */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  return waitUnlessAborted(over, signal).finally(() => clearTimeout(timer));
}
