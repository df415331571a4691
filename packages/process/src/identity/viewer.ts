/** Who asks: proven by an access token at the gateway, by an internal token at a subgraph. */
export interface Viewer {
  /** Null for somebody who did not sign in. */
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly scopes: ReadonlySet<string>;
}

/** The viewer of a request without an access token. */
export const anonymous: Viewer = Object.freeze({ userId: null, sessionId: null, scopes: new Set<string>() });

/** Scopes as they stand in a token's `scope` claim (RFC 8693): separated by spaces. */
export function parseScopes(scope: unknown): ReadonlySet<string> {
  return new Set(typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []);
}

/** The opposite of {@link parseScopes}, sorted, so that equal sets give equal text. */
export function formatScopes(scopes: ReadonlySet<string>): string {
  return [...scopes].sort().join(' ');
}
