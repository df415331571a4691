import type { ApolloServerOptionsWithGateway, ApolloServerPlugin } from '@apollo/server';
import type { createHttpServer } from '@shop/process';
import type { onRequestAsyncHookHandler } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { GatewayContext } from './context.ts';
import type { ExecutionStage } from './execution/execution-stages.ts';

type HttpOptions = Omit<Parameters<typeof createHttpServer>[0], 'logger'>;
type ApolloOptions = Omit<ApolloServerOptionsWithGateway<GatewayContext>, 'gateway' | 'plugins' | 'logger'>;

/** One step of the pipeline of `/graphql`. It works at one or more of these places. */
export interface Stage {
  readonly name: string;
  /** Runs before the body of the request is read. */
  readonly onRequest?: onRequestAsyncHookHandler;
  /** Switches of the HTTP server. */
  readonly http?: HttpOptions;
  /** Switches of Apollo Server. */
  readonly apollo?: ApolloOptions;
  /** Called with the schema that clients see, before the first request. */
  readonly prepareSchema?: (schema: GraphQLSchema) => void;
  readonly plugin?: ApolloServerPlugin<GatewayContext>;
  /** Runs between validation and planning. */
  readonly execute?: ExecutionStage;
}

/** Collects the parts that stages add to one place, in the order of the list. */
export function collectStages(stages: readonly Stage[]) {
  return {
    onRequest: stages.flatMap(({ onRequest }) => onRequest ?? []),
    http: Object.assign({}, ...stages.map(({ http }) => http)) as HttpOptions,
    apollo: Object.assign({}, ...stages.map(({ apollo }) => apollo)) as ApolloOptions,
    plugins: stages.flatMap(({ plugin }) => plugin ?? []),
    execution: stages.flatMap(({ execute }) => execute ?? []),
    prepareSchema(schema: GraphQLSchema): void {
      for (const stage of stages) stage.prepareSchema?.(schema);
    },
  };
}
