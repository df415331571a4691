import { SessionEndedError } from '../errors.ts';
import { waitUnlessAborted } from '../transport/deadline.ts';
import { readSessionId } from './session-id.ts';
import type { Tokens, TokenStore } from './tokens.ts';

export interface SessionOptions {
  readonly store: TokenStore;
  /** Asks the server for new tokens. Resolves to null when the server refuses the refresh token. */
  readonly refresh: (refreshToken: string) => Promise<Tokens | null>;
  /** The time before its expiry at which an access token is replaced, in milliseconds. */
  readonly refreshAheadMs: number;
}

/** Keeps the tokens of one session valid. Changes of the store run one at a time. */
export class Session {
  readonly #options: SessionOptions;
  readonly #listeners = new Set<(tokens: Tokens | null) => void>();
  #queue: Promise<unknown> = Promise.resolve();
  #renewal: { readonly of: string; readonly promise: Promise<Tokens> } | undefined;
  /** A token that was already expired on arrival by this machine's clock. The clock is wrong, so the server decides. */
  #arrivedExpired: string | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Valid tokens, or null when nobody is signed in. */
  async current(signal?: AbortSignal): Promise<Tokens | null> {
    const tokens = await this.#options.store.load();
    if (tokens === null || !this.#isEnding(tokens) || tokens.accessToken === this.#arrivedExpired) return tokens;
    try {
      return await this.renew(tokens, signal);
    } catch (error) {
      // The server may be unavailable for a moment, and the current token is still valid.
      if (error instanceof SessionEndedError || signal?.aborted === true || this.#isOver(tokens)) throw error;
      return tokens;
    }
  }

  /**
   * Replaces tokens that the server no longer accepts. All callers share one refresh.
   *
   * @throws SessionEndedError when the server refuses, or when another session has replaced this one
   */
  renew(stale: Tokens, signal?: AbortSignal): Promise<Tokens> {
    if (this.#renewal?.of !== stale.accessToken) {
      const promise = this.#exclusively(() => this.#refresh(stale)).finally(() => {
        if (this.#renewal?.promise === promise) this.#renewal = undefined;
      });
      this.#renewal = { of: stale.accessToken, promise };
      // Every caller may have stopped waiting: the rejection must not be unhandled.
      promise.catch(() => undefined);
    }
    return waitUnlessAborted(this.#renewal.promise, signal);
  }

  /** Replaces the current session, if there is one. */
  adopt(tokens: Tokens): Promise<void> {
    return this.#exclusively(async () => {
      await this.#options.store.save(tokens);
      this.#tell(tokens);
    });
  }

  /** Forgets the session and returns its last tokens. */
  end(): Promise<Tokens | null> {
    return this.#exclusively(async () => {
      const tokens = await this.#options.store.load();
      await this.#options.store.save(null);
      this.#tell(null);
      return tokens;
    });
  }

  /**
   * Calls a listener whenever this client begins or ends a session, with the new tokens. Changes of a shared store are not noticed.
   *
   * @returns a function that removes the listener
   */
  listen(listener: (tokens: Tokens | null) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(tokens: Tokens | null): void {
    for (const listener of [...this.#listeners]) listener(tokens);
  }

  async #refresh(stale: Tokens): Promise<Tokens> {
    const { store, refresh } = this.#options;
    const stored = await store.load();
    // A request continues in the session in which it began, never as another user.
    if (stored === null || readSessionId(stored.accessToken) !== readSessionId(stale.accessToken))
      throw new SessionEndedError();
    if (stored.accessToken !== stale.accessToken) return stored;
    const renewed = await refresh(stored.refreshToken);
    await store.save(renewed);
    if (renewed === null) throw new SessionEndedError();
    if (this.#isEnding(renewed)) this.#arrivedExpired = renewed.accessToken;
    return renewed;
  }

  #exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const { store } = this.#options;
    const done = this.#queue.then(() => (store.exclusively === undefined ? work() : store.exclusively(work)));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #isEnding(tokens: Tokens): boolean {
    return Date.parse(tokens.accessTokenExpiresAt) - this.#options.refreshAheadMs <= Date.now();
  }

  #isOver(tokens: Tokens): boolean {
    return Date.parse(tokens.accessTokenExpiresAt) <= Date.now();
  }
}
