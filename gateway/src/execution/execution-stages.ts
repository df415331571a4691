import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';

/** A gateway of Apollo Server, such as `ApolloGateway`. */
export type Gateway = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

/** Plans and executes an operation. */
export type Execute = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;
export type ExecutionRequest = Parameters<Execute>[0];
export type ExecutionResult = Awaited<ReturnType<Execute>>;

/** One step between a valid operation and its result. It calls `next` to go on, or answers by itself. */
export type ExecutionStage = (request: ExecutionRequest, next: Execute) => Promise<ExecutionResult>;

/**
 * Puts stages before the executor of a gateway, such as an `ApolloGateway`. A request meets them in the order of the list.
 *
 * @returns a value for `new ApolloServer({ gateway })`
 */
export function addExecutionStages(gateway: Gateway, stages: readonly ExecutionStage[]): Gateway {
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    stop: () => gateway.stop(),
    async load(options) {
      const loaded = await gateway.load(options);
      if (loaded.executor === null) return loaded;
      const executor = stages.reduceRight<Execute>((next, stage) => (request) => stage(request, next), loaded.executor);
      return { ...loaded, executor };
    },
  };
}
