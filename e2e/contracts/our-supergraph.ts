import { readFileSync } from 'node:fs';
import { composeSupergraph, type SubgraphSource, type Supergraph, type TestContext } from '@shop/testing/supergraph';
import type { ApolloServerPlugin } from '@apollo/server';
import { toCredentials } from '@shop/access';
import { serviceNames, type ServiceName } from '@shop/contracts';
import { enforceAccess } from '../../gateway/src/access/index.ts';
import { addExecutionStages } from '../../gateway/src/execution/execution-stages.ts';
import { rejectUnplannable } from '../../gateway/src/execution/reject-unplannable.ts';
import { createCostMeter, defaultLimits, limitOperations } from '../../gateway/src/limits/index.ts';
import { collectStages } from '../../gateway/src/stage.ts';
import { readSupergraph } from '../../gateway/src/supergraph/index.ts';
import { checkScalars } from '../../gateway/src/validation/check-scalars.ts';
import { requireOperation } from '../../gateway/src/validation/require-operation.ts';

type Name = ServiceName;

const readResolvers = async (name: Name): Promise<SubgraphSource['resolvers']> =>
  ((await import(`../../subgraphs/${name}/src/resolvers/index.ts`)) as Pick<SubgraphSource, 'resolvers'>).resolvers;

const typeDefsOf = (name: string) => readFileSync(`subgraphs/${name}/schema.graphql`, 'utf8');

/**
 * The graph of this repository in this process, behind the gateway's own rules of access and limits.
 *
 * @param mocks what each subgraph works with; a subgraph without an entry has made-up data only
 * @param change changes a subgraph's schema, to show the cost of a change
 */
export async function ourSupergraph(
  mocks: { readonly [name in Name]?: Pick<SubgraphSource, 'context' | 'answers'> } = {},
  change: (typeDefs: string, name: Name) => string = (typeDefs) => typeDefs,
): Promise<Supergraph> {
  const subgraphs: Record<string, SubgraphSource> = {};
  // One at a time: Jest links no two trees of modules at once.
  for (const name of serviceNames) {
    const resolvers = await readResolvers(name);
    subgraphs[name] = { typeDefs: change(typeDefsOf(name), name), resolvers, ...mocks[name] };
  }
  return composeSupergraph({
    subgraphs,
    front(supergraphSdl) {
      const supergraph = readSupergraph(supergraphSdl);
      return {
        supergraphSdl: supergraph.plannerSdl,
        guard: (gateway) =>
          addExecutionStages(gateway, [
            rejectUnplannable,
            enforceAccess<TestContext>({ supergraph, getCredentials: ({ viewer }) => toCredentials(viewer) }),
          ]),
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
