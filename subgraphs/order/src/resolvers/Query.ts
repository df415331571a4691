import { listAudit, type CompleteFields } from '@shop/subgraph';
import { listOrders } from '../use-cases/list-orders.ts';
import type { QueryResolvers } from './schema-types.ts';
import { loadVisibleOrder } from './visible.ts';

export const Query = {
  orderAudit: (_root, args, { database }) => listAudit(database.client, args),
  order: (_root, { id }, context) => loadVisibleOrder(id, context),
  orders: (_root, args, context) => listOrders(context, args),
} satisfies CompleteFields<QueryResolvers>;
