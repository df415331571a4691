export type { GatewayConfig } from './config.ts';
export { type RunningGateway, startGateway } from './start-gateway.ts';
export { readSupergraph, type Supergraph } from './supergraph/index.ts';
