import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import { createAuthorize } from './authorize.ts';
import type { SupergraphAccess } from './read-supergraph.ts';
import type { Credentials } from '@shop/access';

type Gateway = ApolloServerOptionsWithGateway<BaseContext>['gateway'];
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

/**
 * Puts a gateway behind the rules of its supergraph: what the caller may not have is taken out of the operation before it
 * is planned, and stands in the answer as null with an error at its path.
 *
 * @param gateway an `ApolloGateway` over `access.supergraphSdl`
 * @param options.credentialsOf reads the caller from the request's context value
 * @returns what `new ApolloServer({ gateway })` takes
 */
export function enforceAccess<Context extends BaseContext>(
  gateway: Gateway,
  options: { access: SupergraphAccess; credentialsOf: (context: Context) => Credentials },
): Gateway {
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    stop: () => gateway.stop(),
    async load(given) {
      const loaded = await gateway.load(given);
      return loaded.executor === null ? loaded : { ...loaded, executor: guard(loaded.executor, options) };
    },
  };
}

function guard<Context extends BaseContext>(
  execute: Executor,
  { access, credentialsOf }: { access: SupergraphAccess; credentialsOf: (context: Context) => Credentials },
): Executor {
  const authorize = createAuthorize(access);

  return async (requestContext) => {
    const { document, request } = requestContext;
    const credentials = credentialsOf(requestContext.context as Context);
    const variant = authorize(document, request.operationName, credentials);
    if (variant === undefined) return execute(requestContext);

    const { decided, complete } = variant.completion(credentials, request.variables);
    if (decided !== undefined || variant.document === undefined) return toResult(decided ?? complete({}));
    const result = await execute({
      ...requestContext,
      document: variant.document,
      // The gateway keeps its plans by this hash: callers who may have more must not be served by this one's plan.
      queryHash: `${requestContext.queryHash}:${variant.key}`,
    });
    // Refused as a whole, for example because of a variable.
    if (result.data === undefined) return result;
    const { data, errors } = complete(result.data as Record<string, unknown> | null);
    return { ...result, ...toResult({ data, errors: [...(result.errors ?? []), ...errors] }) };
  };
}

/** As the gateway answers: without `errors` where there are none, as when the object that they would be of is null. */
function toResult({ data, errors }: { data: unknown; errors: readonly unknown[] }): Awaited<ReturnType<Executor>> {
  return { data, ...(errors.length === 0 ? {} : { errors }) } as Awaited<ReturnType<Executor>>;
}
