import { readFileSync } from 'node:fs';
import { composeSupergraph, type SubgraphSource, type Supergraph, type TestContext } from '@shop/testing/supergraph';
import { enforceAccess, readSupergraph } from '../../gateway/src/access/index.ts';
import { defaultLimits, limitOperations, readCosts, refuseUnplannable } from '../../gateway/src/limits/index.ts';
import { checkScalars } from '../../gateway/src/plugins/check-scalars.ts';
import { requireOperation } from '../../gateway/src/plugins/require-operation.ts';
import { resolvers as order } from '../../subgraphs/order/src/resolvers/index.ts';
import { resolvers as product } from '../../subgraphs/product/src/resolvers/index.ts';
import { resolvers as user } from '../../subgraphs/user/src/resolvers/index.ts';

const resolvers = { user, product, order };
type Name = keyof typeof resolvers;

const typeDefsOf = (name: string) => readFileSync(`subgraphs/${name}/schema.graphql`, 'utf8');

/**
 * The graph of this repository in this process, behind the gateway's own rules of access and limits.
 *
 * @param mocks what each subgraph works with; of one that is left out, everything is made up
 * @param change changes a subgraph's schema, to see what that would cost
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
      const access = readSupergraph(supergraphSdl);
      return {
        supergraphSdl: access.supergraphSdl,
        guard: (gateway) =>
          enforceAccess<TestContext>(refuseUnplannable(gateway), {
            access,
            credentialsOf: ({ viewer }) => ({ isAuthenticated: viewer.userId !== null, scopes: viewer.scopes }),
          }),
        prepare: checkScalars,
        plugins: [requireOperation(), limitOperations({ limits: defaultLimits, costs: readCosts(supergraphSdl) })],
      };
    },
  });
}
