export { startGateway, type GatewayConfig, type RunningGateway } from './start-gateway.ts';
