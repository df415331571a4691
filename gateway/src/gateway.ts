import type { KeyValueCache } from '@apollo/utils.keyvaluecache';
import { trace } from '@opentelemetry/api';
import { toCredentials } from '@shop/access';
import { nameOperationSpans, type ErrorMasking } from '@shop/graphql';
import type { Logger } from '@shop/process';
import type { DocumentNode } from 'graphql';
import { enforceAccess } from './access/index.ts';
import type { GatewayConfig } from './config.ts';
import type { GatewayContext } from './context.ts';
import { limitRate } from './edge/limit-rate.ts';
import type { RateLimiter } from './edge/rate-limiter.ts';
import { reportFaults } from './execution/answers/report-faults.ts';
import { rejectUnplannable } from './execution/reject-unplannable.ts';
import type { VerifyAccessToken } from './identity/access-token-verifier.ts';
import { authenticate } from './identity/authenticate.ts';
import { createIdentifyCaller } from './identity/identify-caller.ts';
import type { RevokedSessions } from './identity/revoked-sessions.ts';
import { createCostMeter, limitOperations, requestSize } from './limits/index.ts';
import { createPersistedOperationsStage } from './persisted-operations/index.ts';
import type { Stage } from './stage.ts';
import type { Supergraph } from './supergraph/index.ts';
import type { GatewayMetrics } from './telemetry/gateway-metrics.ts';
import { recordOperations } from './telemetry/record-operations.ts';
import { answerRequestErrors } from './validation/answer-request-errors.ts';
import { createReadDocument } from './validation/read-document.ts';
import { requireOperation } from './validation/require-operation.ts';
import { requireValues } from './validation/require-values.ts';

export interface PipelineOptions {
  readonly config: GatewayConfig;
  readonly supergraph: Supergraph;
  /** Keeps the parsed documents that are not persisted. */
  readonly documentStore: KeyValueCache<DocumentNode>;
  readonly verifyAccessToken: VerifyAccessToken;
  readonly revokedSessions: Pick<RevokedSessions, 'has'>;
  /** Undefined when rates are not limited. */
  readonly rateLimiter: RateLimiter | undefined;
  /** Default: nothing is measured. */
  readonly metrics?: GatewayMetrics;
  /** True when requests have spans. Default: false. */
  readonly isTraced?: boolean;
  readonly masking: ErrorMasking;
  readonly logger: Logger;
}

/**
 * The pipeline of requests to `/graphql`. The stages run in this order. The operation is planned and executed before masking. Masking
 * handles each error of the answer. `gateway/test/pipeline.component.test.ts` checks the order.
 *
 * Each supergraph that is served has its own. Only the parts before the body is read, `onRequest` and `http`, are those of the first:
 * they must not depend on the supergraph.
 */
export function createPipeline(options: PipelineOptions): readonly Stage[] {
  const { config, supergraph, documentStore, rateLimiter, metrics, isTraced = false, masking, logger } = options;
  const { isProduction, limits, trustedProxies } = config;
  const { bodyLimit, maxTokens } = requestSize;
  const meter = createCostMeter(supergraph);

  return [
    ...(isTraced ? [{ name: 'names of spans', plugin: nameOperationSpans<GatewayContext>(findSpan) }] : []),
    { name: 'authentication', onRequest: authenticate(createIdentifyCaller(options)) },
    { name: 'size', http: { bodyLimit, ...(trustedProxies === undefined ? {} : { trustedProxies }) } },
    { name: 'content type and CSRF', apollo: { csrfPrevention: true, allowBatchedHttpRequests: false } },
    createPersistedOperationsStage({
      ...config.persistedOperations,
      isProduction,
      maxTokens,
      documentStore,
      ...(metrics === undefined ? {} : { lookups: metrics.documentLookups }),
      logger,
    }),
    { name: 'parsing', apollo: { parseOptions: { maxTokens } } },
    {
      name: 'validation',
      apollo: {
        introspection: !isProduction,
        hideSchemaDetailsFromClientErrors: isProduction,
        maxRecursiveSelections: true,
      },
      readDocument: createReadDocument({ maxTokens, hasIntrospection: !isProduction }),
    },
    { name: 'operation name', ...requireOperation() },
    { name: 'limits', check: limitOperations({ limits, meter, supergraph }) },
    ...(rateLimiter === undefined ? [] : [{ name: 'rate limit', ...limitRate({ limiter: rateLimiter, meter }) }]),
    { name: 'values of variables', check: requireValues() },
    { name: 'plannability', execute: rejectUnplannable },
    // Our own engine decides about access when it compiles an operation, and finds the faults of subgraphs while it writes the answer.
    ...(config.engine === 'own'
      ? [{ name: 'access' }]
      : [
          {
            name: 'access',
            execute: enforceAccess<GatewayContext>({
              supergraph,
              getCredentials: ({ viewer }) => toCredentials(viewer),
            }),
          },
          { name: 'faults of subgraphs', execute: reportFaults },
        ]),
    { name: 'answers to wrong documents', plugin: answerRequestErrors() },
    // The operation is planned and executed here.
    {
      name: 'masking',
      plugin: masking.plugin,
      apollo: { formatError: masking.formatError, includeStacktraceInErrorResponses: false },
    },
    { name: 'record', plugin: recordOperations() },
  ];
}

const findSpan = (context: GatewayContext) => context.trace && trace.getSpan(context.trace);
