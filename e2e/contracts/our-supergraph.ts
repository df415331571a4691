import { readFileSync } from 'node:fs';
import { composeSupergraph, type SubgraphSource, type Supergraph, type TestContext } from '@shop/testing/supergraph';
import { toCredentials } from '@shop/access';
import { enforceAccess } from '../../gateway/src/access/index.ts';
import { addExecutionStages } from '../../gateway/src/execution/execution-stages.ts';
import { rejectUnplannable } from '../../gateway/src/execution/reject-unplannable.ts';
import { defaultLimits, limitOperations } from '../../gateway/src/limits/index.ts';
import { readSupergraph } from '../../gateway/src/supergraph/index.ts';
import { checkScalars } from '../../gateway/src/validation/check-scalars.ts';
import { requireOperation } from '../../gateway/src/validation/require-operation.ts';
import { resolvers as order } from '../../subgraphs/order/src/resolvers/index.ts';
import { resolvers as product } from '../../subgraphs/product/src/resolvers/index.ts';
import { resolvers as user } from '../../subgraphs/user/src/resolvers/index.ts';

const resolvers = { user, product, order };
type Name = keyof typeof resolvers;

const typeDefsOf = (name: string) => readFileSync(`subgraphs/${name}/schema.graphql`, 'utf8');

/**
 * The graph of this repository in this process, behind the gateway's own rules of access and limits.
 *
 * @param mocks what each subgraph works with; a subgraph without an entry has made-up data only
 * @param change changes a subgraph's schema, to show the cost of a change
 */
export function ourSupergraph(
  mocks: { readonly [name in Name]?: Pick<SubgraphSource, 'context' | 'answers'> } = {},
  change: (typeDefs: string, name: Name) => string = (typeDefs) => typeDefs,
): Promise<Supergraph> {
  const source = (name: Name): SubgraphSource => ({
    typeDefs: change(typeDefsOf(name), name),
    resolvers: resolvers[name],
    ...mocks[name],
  });
  return composeSupergraph({
    subgraphs: { user: source('user'), product: source('product'), order: source('order') },
    front(supergraphSdl) {
      const supergraph = readSupergraph(supergraphSdl);
      return {
        supergraphSdl: supergraph.plannerSdl,
        guard: (gateway) =>
          addExecutionStages(gateway, [
            rejectUnplannable,
            enforceAccess<TestContext>({ supergraph, getCredentials: ({ viewer }) => toCredentials(viewer) }),
          ]),
        prepare: checkScalars,
        plugins: [requireOperation(), limitOperations({ limits: defaultLimits, supergraph })],
      };
    },
  });
}
