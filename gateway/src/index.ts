export type { GatewayConfig } from './config.ts';
export { createRevokedSessions, type RevokedSessions } from './identity/revoked-sessions.ts';
export { type RunningGateway, startGateway } from './start-gateway.ts';
export { readSupergraph, type Supergraph } from './supergraph/index.ts';
