/** What a client keeps after signing in. */
export interface Tokens {
  readonly accessToken: string;
  /** RFC 3339. */
  readonly accessTokenExpiresAt: string;
  readonly refreshToken: string;
  /** RFC 3339. */
  readonly refreshTokenExpiresAt: string;
}

/**
 * Where the app keeps the tokens, so that a session survives a restart. A refresh token works once: whoever shares a store
 * (the tabs of a browser, the processes of a server) shares the latest one, and refreshes one at a time.
 */
export interface TokenStore {
  /** Null when nobody is signed in. Asked before each request. */
  load(): Tokens | null | Promise<Tokens | null>;
  /** Null when the session is over. */
  save(tokens: Tokens | null): void | Promise<void>;
  /** Runs work while no one else who shares the store runs theirs. Needed where somebody does. */
  exclusively?<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Tokens that live as long as the client. */
export function memoryTokens(tokens: Tokens | null = null): TokenStore {
  let current = tokens;
  return {
    load: () => current,
    save(next) {
      current = next;
    },
  };
}
