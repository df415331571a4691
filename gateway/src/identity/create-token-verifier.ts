import type { Counter, Logger } from '@shop/process';
import type { GatewayConfig } from '../config.ts';
import type { SubgraphClient } from '../execution/transport/subgraph-client.ts';
import { createAccessTokenVerifier, NoTokensError, type VerifyAccessToken } from './access-token-verifier.ts';
import { createKeySource } from './key-source.ts';
import { createTokenKeys, type TokenKeys } from './token-keys.ts';

/** The verification of access tokens, with the keys of their issuer. */
export interface TokenVerifier {
  readonly keys: TokenKeys;
  /** Tells whether somebody issues tokens. */
  readonly hasIssuer: () => boolean;
  readonly verify: VerifyAccessToken;
}

/**
 * Creates the verification of access tokens as the configuration says.
 *
 * @param options.findIssuer returns the client of the service that issues tokens, if the supergraph has it
 * @param options.lookups counts the lookups of verified tokens by result; default: nobody
 */
export function createTokenVerifier(options: {
  config: Pick<GatewayConfig, 'jwksUrl' | 'accessTokens'>;
  findIssuer: () => SubgraphClient | undefined;
  lookups?: Counter<'result'>;
  logger: Logger;
}): TokenVerifier {
  const { config, findIssuer, lookups, logger } = options;
  const findKeySource = createKeySource({ jwksUrl: config.jwksUrl, findIssuer });
  const hasIssuer = (): boolean => findKeySource() !== undefined;
  const keys = createTokenKeys({
    fetchKeys: (timeoutMs) => findKeySource()?.(timeoutMs) ?? Promise.reject(new NoTokensError()),
    logger,
  });
  const verify = createAccessTokenVerifier({
    keys,
    ...config.accessTokens,
    hasIssuer,
    ...(lookups === undefined ? {} : { lookups }),
  });
  return { keys, hasIssuer, verify };
}
