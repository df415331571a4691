/** The parts of the gateway with which another gateway can call the subgraphs (docs/other-gateways.md). */
export { CallSigner, clockExchange, createLogger, internalToken, type Viewer } from '@shop/process';
export { readConfig } from '../config.ts';
export { createHeaders } from '../execution/transport/subgraph-caller.ts';
export { readEndpoint } from '../execution/transport/subgraph-endpoint.ts';
export { readSupergraphFile } from '../reload/read-supergraph-file.ts';
export { openSigning, type Signing } from './open-signing.ts';
