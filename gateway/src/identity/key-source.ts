import type { SubgraphClient } from '../execution/transport/subgraph-client.ts';

/** Gets the JWKS with the keys of access tokens. */
export type FetchKeys = (timeoutMs: number) => Promise<Response>;

/** Where an issuer of tokens publishes its keys, at the root of its host. */
export const jwksPath = '/.well-known/jwks.json';

/**
 * Finds the place of the keys of access tokens: `JWKS_URL`, or else the service that issues them. There may be neither, and another
 * supergraph may change that.
 *
 * @param options.findIssuer returns the client of that service, if the supergraph has it
 */
export function createKeySource(options: {
  jwksUrl: string | undefined;
  findIssuer: () => SubgraphClient | undefined;
}): () => FetchKeys | undefined {
  const { jwksUrl, findIssuer } = options;
  if (jwksUrl !== undefined)
    return () => (timeoutMs) =>
      fetch(jwksUrl, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(timeoutMs) });
  return () => {
    const issuer = findIssuer();
    return issuer === undefined
      ? undefined
      : async (timeoutMs) => {
          const { status, text } = await issuer.get(jwksPath, timeoutMs);
          return new Response(text, { status });
        };
  };
}
