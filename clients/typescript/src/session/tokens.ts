/** The tokens of a session. */
export interface Tokens {
  readonly accessToken: string;
  /** RFC 3339. */
  readonly accessTokenExpiresAt: string;
  readonly refreshToken: string;
  /** RFC 3339. */
  readonly refreshTokenExpiresAt: string;
}

/**
 * The app's store for tokens, so that a session survives a restart. A refresh token works once. Therefore all users of a
 * store (tabs of a browser, processes of a server) must see the latest tokens and refresh one at a time.
 */
export interface TokenStore {
  /** Resolves to null when nobody is signed in. Called before each request. */
  load(): Tokens | null | Promise<Tokens | null>;
  /** Called with null when the session has ended. */
  save(tokens: Tokens | null): void | Promise<void>;
  /** Runs work while no other user of the store runs any. Required when the store is shared. */
  exclusively?<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Keeps the tokens in memory, for as long as the client lives. */
export function memoryTokens(tokens: Tokens | null = null): TokenStore {
  let current = tokens;
  return {
    load: () => current,
    save(next) {
      current = next;
    },
  };
}
