import { readFileSync } from 'node:fs';
import { composeSupergraph, type SubgraphSource, type Supergraph, type TestContext } from '@shop/testing/supergraph';
import type { ApolloServerPlugin } from '@apollo/server';
import { toCredentials } from '@shop/access';
import { serviceNames, type ServiceName } from '@shop/contracts';
import { createLogger } from '@shop/process';
import { createEngineExecutor } from '../../gateway/src/execution/engine-executor.ts';
import { addExecutionStages } from '../../gateway/src/execution/execution-stages.ts';
import { rejectUnplannable } from '../../gateway/src/execution/reject-unplannable.ts';
import { createCostMeter, defaultLimits, limitOperations } from '../../gateway/src/limits/index.ts';
import { createPlannedGateway } from '../../gateway/src/planning/planned-gateway.ts';
import { collectStages } from '../../gateway/src/stage.ts';
import { readSupergraph } from '../../gateway/src/supergraph/index.ts';
import { checkScalars } from '../../gateway/src/validation/check-scalars.ts';
import { requireOperation } from '../../gateway/src/validation/require-operation.ts';

type Name = ServiceName;

const readResolvers = async (name: Name): Promise<SubgraphSource['resolvers']> =>
  ((await import(`../../subgraphs/${name}/src/resolvers/index.ts`)) as Pick<SubgraphSource, 'resolvers'>).resolvers;

const typeDefsOf = (name: string) => readFileSync(`subgraphs/${name}/schema.graphql`, 'utf8');

/** The contexts and answers of subgraphs. One without an entry has made-up data only. */
export type Mocks = { readonly [name in Name]?: Pick<SubgraphSource, 'context' | 'answers'> };

/** The subgraphs of this repository. */
export async function readSubgraphs(
  mocks: Mocks = {},
  change: (typeDefs: string, name: Name) => string = (typeDefs) => typeDefs,
): Promise<Readonly<Record<string, SubgraphSource>>> {
  const subgraphs: Record<string, SubgraphSource> = {};
  // One at a time: Jest links no two trees of modules at once.
  for (const name of serviceNames) {
    const resolvers = await readResolvers(name);
    subgraphs[name] = { typeDefs: change(typeDefsOf(name), name), resolvers, ...mocks[name] };
  }
  return subgraphs;
}

/**
 * The graph of this repository in this process, behind the gateway's own rules of access and limits.
 *
 * @param change changes a subgraph's schema, to show the cost of a change
 * @param planner whose plans are executed
 */
export async function ourSupergraph(
  mocks: Mocks = {},
  change?: (typeDefs: string, name: Name) => string,
  planner: 'apollo' | 'hive' = 'apollo',
): Promise<Supergraph> {
  return composeSupergraph({
    subgraphs: await readSubgraphs(mocks, change),
    front(supergraphSdl, callSubgraph) {
      const supergraph = readSupergraph(supergraphSdl);
      const gateway = createPlannedGateway({
        supergraph,
        planTimeoutMs: 60_000,
        planner,
        onFallback(refusal) {
          throw new Error(`Hive's planner refuses an operation of a client: ${refusal}`);
        },
        createExecutor: createEngineExecutor({
          supergraph,
          getCredentials: ({ viewer }) => toCredentials(viewer),
          logger: createLogger({ service: 'test', level: 'silent' }),
          callSubgraph: (name, { operation, body }, context) =>
            callSubgraph(name, { operation, variables: readVariables(body) }, context as unknown as TestContext),
        }),
      });
      return {
        gateway: addExecutionStages(gateway, [rejectUnplannable]),
        prepare: (schema) => checkScalars(schema, supergraph, () => true),
        // The checks ask for nothing of the gateway's context.
        plugins: collectStages([
          { name: 'operation name', ...requireOperation() },
          {
            name: 'limits',
            check: limitOperations({ limits: defaultLimits, meter: createCostMeter(supergraph), supergraph }),
          },
        ]).plugins as unknown as readonly ApolloServerPlugin<TestContext>[],
      };
    },
  });
}

const readVariables = (body: string) => (JSON.parse(body) as { variables: Record<string, unknown> }).variables;
