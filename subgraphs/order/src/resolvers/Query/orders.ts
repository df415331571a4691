import { listOrders } from '../../use-cases/list-orders.ts';
import type { QueryResolvers } from '../schema-types.ts';

export const orders: QueryResolvers['orders'] = (_root, args, context) => listOrders(context, args);
