import type { CompleteFields, Preload } from '@shop/subgraph';
import type { Context } from '../context.ts';
import type { OrderLine } from '../domain/order.ts';
import type { OrderParent } from './parents.ts';
import type { OrderResolvers } from './schema-types.ts';
import { loadVisibleOrder } from './visible.ts';

export const preloadOrders: Preload<OrderParent, Context> = (orders, { lines, paymentsOf, history }, selected) => {
  const ids = orders.map(({ id }) => id);
  return [
    selected.has('items') && lines.preload(ids),
    selected.has('payments') && paymentsOf.preload(ids),
    selected.has('history') && history.preload(ids),
  ];
};

export const Order = {
  __resolveReference: ({ id }, context) => loadVisibleOrder(id, context),
  customer: ({ customerId }) => (customerId === null ? null : { id: customerId }),
  items: ({ id, currencyCode, lines: known }, _args, { lines }) => {
    const toItems = (rows: readonly OrderLine[]) => rows.map((line) => ({ ...line, currencyCode }));
    return known === undefined ? lines.read(id, toItems) : toItems(known);
  },
  total: ({ totalMinor, currencyCode }) => ({ amount: totalMinor, currencyCode }),
  payments: ({ id }, _args, { paymentsOf }) => paymentsOf.load(id),
  history: ({ id }, _args, { history }) => history.load(id),
} satisfies CompleteFields<OrderResolvers>;
