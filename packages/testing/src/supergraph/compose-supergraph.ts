import { composeServices } from '@apollo/composition';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import {
  ApolloServer,
  type ApolloServerOptionsWithGateway,
  type ApolloServerPlugin,
  type BaseContext,
} from '@apollo/server';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import type { Viewer } from '@shop/process';
import { graphql, parse, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { contextOf, subgraphSchema, type SubgraphSource } from './subgraph-schema.ts';
import { toViewer, type TestViewer } from './viewer.ts';

type Gateway = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

/** A gateway. The caller provides it, since it knows the gateway. */
export interface Front {
  /** Plans and executes operations. It calls the subgraphs. */
  readonly gateway: Gateway;
  /** Called with the schema that clients see. */
  readonly prepare?: (schema: GraphQLSchema) => void;
  readonly plugins?: readonly ApolloServerPlugin<TestContext>[];
}

/** Executes the operation of a gateway in a subgraph. */
export type CallSubgraph = (
  name: string,
  request: Pick<SubgraphCall, 'operation' | 'variables'>,
  context: TestContext,
) => Promise<SubgraphAnswer>;

export interface SubgraphAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** The gateway's context in a test, which `front` may read. */
export interface TestContext {
  readonly viewer: Viewer;
  readonly calls: SubgraphCall[];
}

/** A call to a subgraph, as the gateway would send it. */
export interface SubgraphCall {
  readonly service: string;
  readonly operation: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Answer<Data> {
  readonly data: Data;
  readonly errors: readonly GraphQLFormattedError[] | undefined;
  /** In the order of the calls. */
  readonly calls: readonly SubgraphCall[];
}

export interface ExecuteOptions {
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  /** Default: an anonymous viewer. */
  readonly as?: TestViewer;
}

export interface Supergraph {
  /** The schema that clients see. */
  readonly schema: GraphQLSchema;
  execute<Data = unknown>(operation: string, options?: ExecuteOptions): Promise<Answer<Data>>;
  stop(): Promise<void>;
}

/**
 * Composes subgraphs and executes operations over them as a gateway does, in this process: without a network, a
 * database or a broker.
 *
 * @param options.front makes the gateway for the composed supergraph. Default: an `ApolloGateway`
 * @throws Error when the subgraphs do not compose
 */
export async function composeSupergraph(options: {
  subgraphs: Readonly<Record<string, SubgraphSource>>;
  front?: (supergraphSdl: string, callSubgraph: CallSubgraph) => Front;
}): Promise<Supergraph> {
  const { subgraphs } = options;
  const supergraphSdl = compose(subgraphs);
  const callSubgraph = createCaller(subgraphs);
  const front = options.front?.(supergraphSdl, callSubgraph) ?? { gateway: createGateway(supergraphSdl, callSubgraph) };

  let schema: GraphQLSchema | undefined;
  front.gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    front.prepare?.(apiSchema);
    schema = apiSchema;
  });
  const server = new ApolloServer<TestContext>({
    gateway: front.gateway,
    plugins: [...(front.plugins ?? []), ApolloServerPluginUsageReportingDisabled()],
    logger: silent,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  await server.start();

  return {
    schema: schema as GraphQLSchema,
    async execute<Data>(query: string, { variables = {}, operationName, as }: ExecuteOptions = {}) {
      const contextValue: TestContext = { viewer: toViewer(as), calls: [] };
      const { body } = await server.executeOperation(
        { query, variables, ...(operationName === undefined ? {} : { operationName }) },
        { contextValue },
      );
      if (body.kind !== 'single') throw new Error('The answer came in parts.');
      // Copied through JSON, as over the network: tests do not treat objects without a prototype as plain objects.
      const { data, errors } = JSON.parse(JSON.stringify(body.singleResult)) as Omit<Answer<Data>, 'calls'>;
      return { data, errors, calls: contextValue.calls };
    },
    stop: () => server.stop(),
  };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

const composed = new Map<string, string>();

function compose(subgraphs: Readonly<Record<string, SubgraphSource>>): string {
  const key = JSON.stringify(Object.entries(subgraphs).map(([name, { typeDefs }]) => [name, typeDefs]));
  const known = composed.get(key);
  if (known !== undefined) return known;
  const { supergraphSdl, errors } = composeServices(
    Object.entries(subgraphs).map(([name, { typeDefs }]) => ({
      name,
      url: `http://${name}.invalid`,
      typeDefs: parse(typeDefs),
    })),
  );
  if (supergraphSdl === undefined)
    throw new Error(`The subgraphs do not compose:\n${errors?.map(({ message }) => `  ${message}`).join('\n')}`);
  composed.set(key, supergraphSdl);
  return supergraphSdl;
}

function createCaller(subgraphs: Readonly<Record<string, SubgraphSource>>): CallSubgraph {
  const schemas = new Map(Object.entries(subgraphs).map(([name, source]) => [name, subgraphSchema(name, source)]));
  return async (name, { operation, variables }, { viewer, calls }) => {
    calls.push({ service: name, operation, variables });
    const result = await graphql({
      schema: schemas.get(name) as GraphQLSchema,
      source: operation,
      variableValues: variables,
      contextValue: contextOf(name, subgraphs[name] as SubgraphSource, viewer),
    });
    return JSON.parse(JSON.stringify(result)) as SubgraphAnswer;
  };
}

function createGateway(supergraphSdl: string, callSubgraph: CallSubgraph): Gateway {
  return new ApolloGateway({
    supergraphSdl,
    logger: silent,
    buildService: ({ name }) => ({
      process: ({ request: { query: operation = '', variables = {} }, context }) =>
        callSubgraph(name, { operation, variables }, context as TestContext) as ReturnType<
          GraphQLDataSource['process']
        >,
    }),
  });
}
