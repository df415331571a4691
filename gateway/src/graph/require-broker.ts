import { tokenIssuer } from '@shop/contracts';
import { ConfigError } from '@shop/process';
import type { GatewayConfig } from '../config.ts';

/**
 * Requires the broker where one of our services issues the access tokens: it publishes there which sessions are revoked. Nobody does for
 * the tokens of another issuer, so they are valid until they expire.
 *
 * @throws ConfigError
 */
export function requireBroker(
  { natsUrl, jwksUrl }: Pick<GatewayConfig, 'natsUrl' | 'jwksUrl'>,
  isService: (subgraph: string) => boolean,
): void {
  if (natsUrl !== undefined || jwksUrl !== undefined || !isService(tokenIssuer)) return;
  throw new ConfigError('gateway', [
    `NATS_URL is missing: the subgraph "${tokenIssuer}" issues access tokens, and the gateway learns over NATS which of them are revoked`,
  ]);
}
