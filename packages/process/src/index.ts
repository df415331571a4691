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
export { beginStream, isStream, onStream, type StreamListener } from './http/answer-streams.ts';
export { Attachment } from './http/attachment.ts';
export { readFileStamp } from './files/file-stamp.ts';
export { serverLimits } from './http/create-app.ts';
export { createHttpServer, type TlsOptions } from './http/create-http-server.ts';
export { escapeHtml } from './http/escape-html.ts';
export { addHealthRoutes, notableClockDifferenceMs, type Readiness, type ReadinessCheck } from './http/health.ts';
export { listen, PortTakenError } from './http/listen.ts';
export { requestIdFor, requestIdHeader } from './http/request-id.ts';
export { type CertificateFiles, readCertificate } from './http/tls/certificate.ts';
export { isSocketUrl, readSocketUrl, SocketUrlError } from './http/unix-socket.ts';
export { accessToken } from './identity/access-token.ts';
export { CallSigner } from './identity/call-signer.ts';
export { createInternalTokenSigner, type InternalTokenSigner } from './identity/internal-token-signer.ts';
export {
  ClockChallenge,
  createInternalTokenVerifier,
  type VerifyInternalToken,
} from './identity/internal-token-verifier.ts';
export { clockExchange, internalToken } from './identity/internal-token.ts';
export { InvalidClaims, readClaims, type TokenClaims } from './identity/read-claims.ts';
export { anonymous, formatScopes, parseScopes, type Viewer } from './identity/viewer.ts';
export { createLifetime, type EndableLifetime, type Lifetime } from './lifecycle/lifetime.ts';
export { hardExitMs, runService } from './lifecycle/run-service.ts';
export { optimiseWasmLate } from './lifecycle/optimise-wasm-late.ts';
export { createLogger, type Logger } from './log/create-logger.ts';
export { type LogLevelState, maxLevelMinutes } from './log/log-level-routes.ts';
export { type LogLevel, logLevels } from './log/log-levels.ts';
export {
  type CollectorOptions,
  type GaugeDescription,
  type Readings,
  type Sample,
} from './telemetry/metrics/collector.ts';
export { measureRequests } from './telemetry/metrics/measure-requests.ts';
export { type RunningMetricsServer, startMetricsServer } from './telemetry/metrics/metrics-server.ts';
export { callBuckets, type Counter, type Histogram, Metrics, workBuckets } from './telemetry/metrics/metrics.ts';
export { readTracing, tracingFields, type TracingConfig } from './telemetry/tracing/config.ts';
export { measureSpans } from './telemetry/tracing/measure-spans.ts';
export { formatTraceparent } from './telemetry/tracing/format-traceparent.ts';
export { describeErrorType, isSampled, markFailed, runInSpan } from './telemetry/tracing/run-in-span.ts';
export { startTracing, type SpanCounts, type Tracing } from './telemetry/tracing/start-tracing.ts';
export {
  endServerSpan,
  getRequestContext,
  getTraceId,
  startServerSpan,
  traceRequests,
} from './telemetry/tracing/trace-requests.ts';
