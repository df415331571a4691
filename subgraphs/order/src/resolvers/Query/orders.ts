import type { Context } from '../../context.ts';
import { listOrders, type ListOrders } from '../../use-cases/list-orders.ts';

export const orders = (_root: unknown, args: ListOrders, context: Context) => listOrders(context, args);
