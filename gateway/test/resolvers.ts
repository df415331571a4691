import { forbidden } from '@shop/access';
import { DateTime, MinorUnits } from '@shop/graphql';
import { type Resolvers, type SubgraphRequest } from '@shop/subgraph';
import type { SubgraphName } from './system.ts';

const order = (id: string) => ({
  __typename: 'Order',
  id,
  items: [
    { sku: 'A', product: { __typename: 'Product', id: '1' } },
    { sku: 'B', product: null },
    { sku: 'C', product: { __typename: 'Product', id: '2' } },
  ],
  customer: { __typename: 'User', id: 'u1' },
});
const product = (id: string) => ({ id, name: `Product ${id}`, description: null });
const user = (id: string) => ({ id, email: `${id}@example.com`, name: id });

/** Answers of the small subgraphs. A test may replace `slow` to delay one. */
export const testResolvers: Record<SubgraphName, Resolvers> = {
  user: {
    Query: {
      me: (_parent: unknown, _args: unknown, { viewer }: SubgraphRequest) =>
        viewer.userId === null ? null : user(viewer.userId),
      whoami: (_parent: unknown, _args: unknown, { viewer }: SubgraphRequest) =>
        JSON.stringify([viewer.userId, viewer.sessionId, [...viewer.scopes]]),
    },
    User: { __resolveReference: ({ id }: { id: string }) => user(id) },
  },
  product: {
    Query: {
      product: (_parent: unknown, { id }: { id: string }) => product(id),
      priced: (_parent: unknown, args: { amount?: number; since?: Date }) => JSON.stringify(args),
      products: () => [product('1'), product('2')],
      crash: () => {
        throw new Error('the password of 10.0.0.3 is hunter2');
      },
      refused: () => {
        throw forbidden([['product:write']]);
      },
    },
    DateTime,
    MinorUnits,
    Product: { __resolveReference: ({ id }: { id: string }) => product(id) },
  },
  order: {
    Query: { order: (_parent: unknown, { id }: { id: string }) => order(id) },
    Mutation: { placeOrder: () => order('1') },
    User: { orders: () => [order('1')] },
  },
};
