export { ExpiringCache } from './cache/expiring-cache.ts';
export { ConfigError } from './config/config-error.ts';
export { errorExposureFields, readErrorExposure } from './config/error-exposure.ts';
export { fields } from './config/fields.ts';
export { loadConfig } from './config/load-config.ts';
export {
  type ErrorCode,
  type ErrorCodeDefinition,
  errorCodes,
  isExposedCode,
  maskedCode,
} from './errors/error-codes.ts';
export { type Report, ExpectedError } from './errors/expected-error.ts';
export { errorBody } from './http/answer-errors-as-json.ts';
export { createHttpServer } from './http/create-http-server.ts';
export { addHealthRoutes, notableClockDifferenceMs, type Readiness, type ReadinessCheck } from './http/health.ts';
export { listen, PortTakenError } from './http/listen.ts';
export { requestIdFor, requestIdHeader } from './http/request-id.ts';
export { createInternalTokenSigner, type InternalTokenSigner } from './identity/internal-token-signer.ts';
export {
  ClockChallenge,
  createInternalTokenVerifier,
  type VerifyInternalToken,
} from './identity/internal-token-verifier.ts';
export { clockExchange, internalToken } from './identity/internal-token.ts';
export { anonymous, formatScopes, parseScopes, type Viewer } from './identity/viewer.ts';
export { createLifetime, type EndableLifetime, type Lifetime } from './lifecycle/lifetime.ts';
export { runService } from './lifecycle/run-service.ts';
export { createLogger, type Logger } from './log/create-logger.ts';
