import type { AnswerError } from '@shop/engine';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { CreateExecutor } from '../planning/planned-gateway.ts';
import { createEngine, type Engine, type EngineOptions } from './engine.ts';
import type { ExecutionResult } from './execution-stages.ts';

/** Executes operations with the engine, for Apollo Server: it handles all requests that do not take the short way. */
export function createEngineExecutor(
  options: Omit<EngineOptions, 'schema' | 'plans'> & {
    /** Called with the engine of a supergraph that was loaded. */
    readonly onLoad?: (engine: Engine, schema: GraphQLSchema) => void;
  },
): CreateExecutor {
  return ({ schema, plans }) => {
    const engine = createEngine({ ...options, schema, plans });
    options.onLoad?.(engine, schema);
    return async ({ document, request, context }) => {
      const { data, errors, refusal } = await engine({
        document,
        operationName: request.operationName ?? undefined,
        variables: request.variables,
        context: context as GatewayContext,
      });
      if (refusal !== undefined) throw refusal;
      return {
        ...(data === undefined ? {} : { data: JSON.parse(data) as unknown }),
        ...(errors.length === 0 ? {} : { errors: errors.map(toGraphQLError) }),
      } as ExecutionResult;
    };
  };
}

export function toGraphQLError(error: AnswerError): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const { message, path, extensions } = error;
  return new GraphQLError(message, {
    ...(path === undefined ? {} : { path }),
    ...(extensions === undefined ? {} : { extensions }),
  });
}
