import type { Context } from '../context.ts';
import type { Order as OrderRow, OrderWithLines } from '../domain/order.ts';
import { loadVisibleOrder } from './visible.ts';

export const Order = {
  __resolveReference: ({ id }: { id: string }, context: Context) => loadVisibleOrder(id, context),
  customer: ({ customerId }: OrderRow) => customerId && { id: customerId },
  // An order that a mutation returns has its lines with it.
  items: async ({ id, currencyCode, lines: known }: OrderRow & Partial<OrderWithLines>, _args: unknown, { lines }: Context) =>
    (known ?? (await lines.load(id))).map((line) => ({ ...line, currencyCode })),
  total: ({ totalMinor, currencyCode }: OrderRow) => ({ amount: totalMinor, currencyCode }),
  payments: ({ id }: OrderRow, _args: unknown, { paymentsOf }: Context) => paymentsOf.load(id),
  history: ({ id }: OrderRow, _args: unknown, { history }: Context) => history.load(id),
};
