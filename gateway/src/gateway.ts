import { toCredentials } from '@shop/access';
import { createErrorMasking } from '@shop/graphql';
import type { Logger } from '@shop/process';
import { enforceAccess } from './access/index.ts';
import type { GatewayConfig } from './config.ts';
import type { GatewayContext } from './context.ts';
import { rejectUnplannable } from './execution/reject-unplannable.ts';
import type { VerifyAccessToken } from './identity/access-token-verifier.ts';
import { authenticate } from './identity/authenticate.ts';
import { limitOperations, requestSize } from './limits/index.ts';
import { createPersistedOperationsStage } from './persisted-operations/index.ts';
import type { Stage } from './stage.ts';
import type { Supergraph } from './supergraph/index.ts';
import { requireOperation } from './validation/require-operation.ts';

/**
 * The pipeline of requests to `/graphql`. The stages run in this order. `@apollo/gateway` plans and executes the operation before the
 * last stage. Masking handles each error of the answer. `gateway/test/pipeline.component.test.ts` checks the order.
 */
export function createPipeline(options: {
  config: GatewayConfig;
  supergraph: Supergraph;
  verifyAccessToken: VerifyAccessToken;
  logger: Logger;
}): readonly Stage[] {
  const { config, supergraph, verifyAccessToken, logger } = options;
  const { isProduction, limits, trustedProxies } = config;
  const { bodyLimit, maxTokens } = requestSize;
  const masking = createErrorMasking({ logger, service: 'gateway', exposeReasons: config.exposeErrors });

  return [
    { name: 'authentication', onRequest: authenticate(verifyAccessToken, logger) },
    { name: 'size', http: { bodyLimit, ...(trustedProxies === undefined ? {} : { trustedProxies }) } },
    { name: 'content type and CSRF', apollo: { csrfPrevention: true, allowBatchedHttpRequests: false } },
    createPersistedOperationsStage({ ...config.persistedOperations, isProduction, maxTokens, logger }),
    { name: 'parsing', apollo: { parseOptions: { maxTokens } } },
    {
      name: 'validation',
      apollo: {
        introspection: !isProduction,
        hideSchemaDetailsFromClientErrors: isProduction,
        maxRecursiveSelections: true,
      },
    },
    { name: 'operation name', plugin: requireOperation() },
    { name: 'limits', plugin: limitOperations({ limits, supergraph }) },
    { name: 'plannability', execute: rejectUnplannable },
    {
      name: 'access',
      execute: enforceAccess<GatewayContext>({ supergraph, getCredentials: ({ viewer }) => toCredentials(viewer) }),
    },
    // `@apollo/gateway` plans and executes here.
    {
      name: 'masking',
      plugin: masking.plugin,
      apollo: { formatError: masking.formatError, includeStacktraceInErrorResponses: false },
    },
  ];
}
