import type { ApolloServerOptionsWithGateway, ApolloServerPlugin } from '@apollo/server';
import type { createHttpServer } from '@shop/process';
import type { onRequestHookHandler } from 'fastify';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from './context.ts';
import type { ExecutionStage } from './execution/execution-stages.ts';
import type { Variables } from './supergraph/index.ts';

type HttpOptions = Omit<Parameters<typeof createHttpServer>[0], 'logger'>;
type ApolloOptions = Omit<ApolloServerOptionsWithGateway<GatewayContext>, 'gateway' | 'plugins' | 'logger'>;

/** An operation of a valid document, before it is executed. */
export interface CheckedOperation {
  readonly document: DocumentNode;
  /** Undefined when the document does not have exactly the one that was named. */
  readonly operation: OperationDefinitionNode | undefined;
  /** The name in the request. */
  readonly operationName: string | undefined;
  readonly variables: Variables | undefined;
  readonly schema: GraphQLSchema;
  readonly context: GatewayContext;
  /** The headers of the answer. */
  readonly headers: { set(name: string, value: string): void };
}

/** Rejects an operation with an error. Otherwise it changes nothing, and may run twice for one request. */
export type OperationCheck = (operation: CheckedOperation) => void | Promise<void>;

/** The parts of a request that name its operation. */
export interface OperationRequest {
  readonly query: string | undefined;
  readonly persistedQuery: unknown;
}

/** One step of the pipeline of `/graphql`. It works at one or more of these places. */
export interface Stage {
  readonly name: string;
  /** Runs before the body of the request is read. */
  readonly onRequest?: onRequestHookHandler;
  /** Switches of the HTTP server. */
  readonly http?: HttpOptions;
  /** Switches of Apollo Server. */
  readonly apollo?: ApolloOptions;
  /** Called with the schema that clients see, before the first request. */
  readonly prepareSchema?: (schema: GraphQLSchema) => void;
  readonly plugin?: ApolloServerPlugin<GatewayContext>;
  /** Finds the text of the operation of a request. Undefined leaves the decision about the request to Apollo Server. */
  readonly findText?: (request: OperationRequest) => string | undefined;
  /** Parses and validates a text, or finds it. Undefined leaves it to the next such stage, and to Apollo Server in the end. */
  readonly readDocument?: (text: string, schema: GraphQLSchema) => DocumentNode | undefined;
  /** Runs after validation. */
  readonly check?: OperationCheck;
  /** Runs between validation and planning. */
  readonly execute?: ExecutionStage;
}

/** Collects the parts that stages add to one place, in the order of the list. */
export function collectStages(stages: readonly Stage[]) {
  return {
    onRequest: stages.flatMap(({ onRequest }) => onRequest ?? []),
    http: Object.assign({}, ...stages.map(({ http }) => http)) as HttpOptions,
    apollo: Object.assign({}, ...stages.map(({ apollo }) => apollo)) as ApolloOptions,
    plugins: addChecks(stages),
    findText: stages.find(({ findText }) => findText !== undefined)?.findText ?? (({ query }) => query),
    readDocument(text: string, schema: GraphQLSchema): DocumentNode | undefined {
      for (const { readDocument } of stages) {
        const document = readDocument?.(text, schema);
        if (document !== undefined) return document;
      }
      return undefined;
    },
    checks: stages.flatMap(({ check }) => check ?? []),
    execution: stages.flatMap(({ execute }) => execute ?? []),
    prepareSchema(schema: GraphQLSchema): void {
      for (const stage of stages) stage.prepareSchema?.(schema);
    },
  };
}

/** The plugins of stages. The checks of all stages are one plugin, in the place of the first: Apollo Server calls plugins at one time. */
function addChecks(stages: readonly Stage[]): ApolloServerPlugin<GatewayContext>[] {
  const checks = stages.flatMap(({ check }) => check ?? []);
  const first = stages.findIndex(({ check }) => check !== undefined);
  return stages.flatMap(({ plugin }, index) => [
    ...(index === first ? [runChecks(checks)] : []),
    ...(plugin === undefined ? [] : [plugin]),
  ]);
}

function runChecks(checks: readonly OperationCheck[]): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, request, schema, contextValue, response }) {
          const { operationName, variables } = request;
          const { headers } = response.http;
          for (const check of checks)
            await check({ document, operation, operationName, variables, schema, context: contextValue, headers });
        },
      };
    },
  };
}
