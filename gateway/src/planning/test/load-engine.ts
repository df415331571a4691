import { composeServices } from '@apollo/composition';
import { LocalGraphQLDataSource } from '@apollo/gateway';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { createLogger } from '@shop/process';
import { parse, validate, type GraphQLSchema } from 'graphql';
import { createEngineExecutor } from '../../execution/engine-executor.ts';
import { addExecutionStages, type Execute } from '../../execution/execution-stages.ts';
import { rejectUnplannable } from '../../execution/reject-unplannable.ts';
import type { SubgraphResponse } from '../../execution/transport/read-answer.ts';
import { readSupergraph } from '../../supergraph/index.ts';
import { createPlannedGateway } from '../planned-gateway.ts';

export interface TestSubgraph {
  /** Without the link to federation. */
  readonly typeDefs: string;
  readonly resolvers: object;
}

export interface LoadedEngine {
  /** Executes an operation, which must be valid. Errors of it as a whole reject. */
  ask(query: string, variables?: Record<string, unknown>): Promise<{ data: unknown; errors: string[] }>;
  /** The calls to subgraphs since the last call of this function. */
  takeCalls(): { readonly name: string; readonly query: string; readonly variables: Record<string, unknown> }[];
  stop(): Promise<void>;
}

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", ' +
  'import: ["@key", "@external", "@requires", "@provides", "@shareable", "@interfaceObject"])\n';

/** Composes subgraphs, and loads the gateway's engine with them in this process. */
export async function loadEngine(subgraphs: Readonly<Record<string, TestSubgraph>>): Promise<LoadedEngine> {
  const services = Object.entries(subgraphs).map(([name, { typeDefs, resolvers }]) => ({
    name,
    url: '',
    typeDefs: parse(link + typeDefs),
    resolvers,
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors?.join('\n'));
  const sources = new Map(
    services.map(({ name, typeDefs, resolvers }) => [
      name,
      new LocalGraphQLDataSource(buildSubgraphSchema({ typeDefs, resolvers: resolvers as never })),
    ]),
  );
  let calls: ReturnType<LoadedEngine['takeCalls']> = [];
  const supergraph = readSupergraph(supergraphSdl);
  const gateway = createPlannedGateway({
    supergraph,
    planTimeoutMs: 60_000,
    createExecutor: createEngineExecutor({
      supergraph,
      getCredentials: () => ({ isAuthenticated: false, scopes: new Set<string>() }),
      logger: createLogger({ service: 'test', level: 'silent' }),
      async callSubgraph(name, { body }) {
        const request = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
        calls.push({ name, ...request });
        const answer: unknown = await sources.get(name)?.process({ request, context: {} } as never);
        return JSON.parse(JSON.stringify(answer)) as SubgraphResponse;
      },
    }),
  });
  let schema: GraphQLSchema | undefined;
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => void (schema = apiSchema));
  const { executor } = await addExecutionStages(gateway, [rejectUnplannable]).load({ apollo: {} } as never);
  const execute = executor as Execute;

  return {
    async ask(query, variables = {}) {
      const document = parse(query);
      if (schema !== undefined) expect(validate(schema, document)).toEqual([]);
      const context = { viewer: { userId: null }, ip: null };
      const result = await execute({ document, request: { query, variables }, context, metrics: {} } as never);
      return {
        data: JSON.parse(JSON.stringify(result.data ?? null)) as unknown,
        errors: (result.errors ?? []).map(({ path, message }) => `${path?.join('.') ?? '?'}: ${message}`),
      };
    },
    takeCalls() {
      const taken = calls;
      calls = [];
      return taken;
    },
    stop: () => gateway.stop?.() ?? Promise.resolve(),
  };
}
