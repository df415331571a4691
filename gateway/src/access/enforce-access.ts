import type { Credentials } from '@shop/access';
import type { ExecutionResult, ExecutionStage } from '../execution/execution-stages.ts';
import type { Supergraph } from '../supergraph/index.ts';
import { createAuthorize } from './authorize.ts';

/**
 * Enforces the access rules of a supergraph. Fields that the caller may not have are removed from the operation before it is
 * planned, and appear in the answer as null with an error at their path.
 *
 * @param options.getCredentials reads the caller from the request's context value
 */
export function enforceAccess<Context extends object>(options: {
  supergraph: Supergraph;
  getCredentials: (context: Context) => Credentials;
}): ExecutionStage {
  const { supergraph, getCredentials } = options;
  const authorize = createAuthorize(supergraph);

  return async (request, next) => {
    const credentials = getCredentials(request.context as Context);
    const { variables, operationName } = request.request;
    const variant = authorize(request.document, operationName, credentials);
    if (variant === undefined) return next(request);

    const { decided, complete } = variant.completion(credentials, variables);
    if (decided !== undefined || variant.document === undefined) return toResult(decided ?? complete({}));
    const result = await next({
      ...request,
      document: variant.document,
      // The gateway keeps its plans by this hash. Callers with more permissions must not get the plan of this one.
      queryHash: `${request.queryHash}:${variant.key}`,
    });
    // The operation was rejected as a whole, for example because of a variable.
    if (result.data === undefined) return result;
    const { data, errors } = complete(result.data as Record<string, unknown> | null);
    return { ...result, ...toResult({ data, errors: [...(result.errors ?? []), ...errors] }) };
  };
}

/** Like the gateway, leaves `errors` out when there are none. */
function toResult({ data, errors }: { data: unknown; errors: readonly unknown[] }): ExecutionResult {
  return { data, ...(errors.length === 0 ? {} : { errors }) } as ExecutionResult;
}
