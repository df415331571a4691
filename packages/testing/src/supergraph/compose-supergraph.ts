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

/** The gateway's steps before an operation is planned. The caller provides them, since it knows the gateway. */
export interface Front {
  /** For the planner. */
  readonly supergraphSdl: string;
  readonly guard: (gateway: Gateway) => Gateway;
  /** Called with the schema that clients see. */
  readonly prepare?: (schema: GraphQLSchema) => void;
  readonly plugins?: readonly ApolloServerPlugin<TestContext>[];
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
 * @param options.front the gateway's additions, from the composed supergraph: access rules, limits
 * @throws Error when the subgraphs do not compose
 */
export async function composeSupergraph(options: {
  subgraphs: Readonly<Record<string, SubgraphSource>>;
  front?: (supergraphSdl: string) => Front;
}): Promise<Supergraph> {
  const { subgraphs } = options;
  const supergraphSdl = compose(subgraphs);
  const front: Front = options.front?.(supergraphSdl) ?? { supergraphSdl, guard: (gateway) => gateway };
  const silent = { debug() {}, info() {}, warn() {}, error() {} };

  const gateway = new ApolloGateway({
    supergraphSdl: front.supergraphSdl,
    logger: silent,
    buildService: ({ name }) => dataSource(name, subgraphs[name] as SubgraphSource),
  });
  let schema: GraphQLSchema | undefined;
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    front.prepare?.(apiSchema);
    schema = apiSchema;
  });
  const server = new ApolloServer<TestContext>({
    gateway: front.guard(gateway),
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

function dataSource(name: string, source: SubgraphSource): GraphQLDataSource<TestContext> {
  const schema = subgraphSchema(name, source);
  return {
    async process({ request, context }) {
      const { viewer, calls } = context as TestContext;
      const { query = '', variables = {} } = request;
      calls.push({ service: name, operation: query, variables });
      const result = await graphql({
        schema,
        source: query,
        variableValues: variables,
        contextValue: contextOf(name, source, viewer),
      });
      return JSON.parse(JSON.stringify(result)) as Awaited<ReturnType<GraphQLDataSource<TestContext>['process']>>;
    },
  };
}
