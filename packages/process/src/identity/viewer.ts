/** The caller of a request, proven by an access token at the gateway and by an internal token at a subgraph. */
export interface Viewer {
  /** Null for an anonymous caller. */
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly scopes: ReadonlySet<string>;
}

/** The viewer of a request without an access token. */
export const anonymous: Viewer = Object.freeze({ userId: null, sessionId: null, scopes: new Set<string>() });

/** Parses the scopes of a token's `scope` claim (RFC 8693), which are separated by spaces. */
export function parseScopes(scope: unknown): ReadonlySet<string> {
  return new Set(typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []);
}

/** The inverse of {@link parseScopes}. The result is sorted, so that equal sets give equal text. */
export function formatScopes(scopes: ReadonlySet<string>): string {
  return [...scopes].sort().join(' ');
}
