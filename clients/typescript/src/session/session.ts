import { SessionEndedError } from '../errors.ts';
import { whileWanted } from '../transport/deadline.ts';
import { sessionIdOf } from './session-id.ts';
import type { Tokens, TokenStore } from './tokens.ts';

export interface SessionOptions {
  readonly store: TokenStore;
  /** Asks the server for new tokens; null when it refuses the refresh token. */
  readonly refresh: (refreshToken: string) => Promise<Tokens | null>;
  /** How long before its expiry an access token is replaced. */
  readonly refreshAheadMs: number;
}

/** Keeps one session's tokens valid. Every change of the store is made by one at a time. */
export class Session {
  readonly #options: SessionOptions;
  #queue: Promise<unknown> = Promise.resolve();
  #renewal: { readonly of: string; readonly promise: Promise<Tokens> } | undefined;
  /** Already over when it came, by this machine's clock: then the clock is wrong, and the server says when it is over. */
  #cameLate: string | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Tokens that the server should take, or null when nobody is signed in. */
  async current(signal?: AbortSignal): Promise<Tokens | null> {
    const tokens = await this.#options.store.load();
    if (tokens === null || !this.#isEnding(tokens) || tokens.accessToken === this.#cameLate) return tokens;
    try {
      return await this.renew(tokens, signal);
    } catch (error) {
      // Away for a moment, while the token that there is still has one.
      if (error instanceof SessionEndedError || signal?.aborted === true || this.#isOver(tokens)) throw error;
      return tokens;
    }
  }

  /**
   * New tokens in place of those that the server does not take any more: one refresh for all who ask for them.
   *
   * @throws SessionEndedError when the server refuses, or when another session is in the place of theirs
   */
  renew(stale: Tokens, signal?: AbortSignal): Promise<Tokens> {
    if (this.#renewal?.of !== stale.accessToken) {
      const promise = this.#exclusively(() => this.#refresh(stale)).finally(() => {
        if (this.#renewal?.promise === promise) this.#renewal = undefined;
      });
      this.#renewal = { of: stale.accessToken, promise };
      // Who waited may have gone, and the rejection with nobody to hear of it.
      promise.catch(() => undefined);
    }
    return whileWanted(this.#renewal.promise, signal);
  }

  /** Another session takes the place of this one, if any. */
  adopt(tokens: Tokens): Promise<void> {
    return this.#exclusively(async () => this.#options.store.save(tokens));
  }

  /** Forgets the session, and returns its last tokens. */
  end(): Promise<Tokens | null> {
    return this.#exclusively(async () => {
      const tokens = await this.#options.store.load();
      await this.#options.store.save(null);
      return tokens;
    });
  }

  async #refresh(stale: Tokens): Promise<Tokens> {
    const { store, refresh } = this.#options;
    const stored = await store.load();
    // A request goes on in the session in which it was made, and never as somebody else.
    if (stored === null || sessionIdOf(stored.accessToken) !== sessionIdOf(stale.accessToken))
      throw new SessionEndedError();
    if (stored.accessToken !== stale.accessToken) return stored;
    const renewed = await refresh(stored.refreshToken);
    await store.save(renewed);
    if (renewed === null) throw new SessionEndedError();
    if (this.#isEnding(renewed)) this.#cameLate = renewed.accessToken;
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
