import type { Context } from '../context.ts';
import type { Order as OrderRow } from '../domain/order.ts';
import { loadVisibleOrder } from './visible.ts';

export const Order = {
  __resolveReference: ({ id }: { id: string }, context: Context) => loadVisibleOrder(id, context),
  customer: ({ customerId }: OrderRow) => customerId && { id: customerId },
  items: async ({ id, currencyCode }: OrderRow, _args: unknown, { lines }: Context) =>
    (await lines.load(id)).map((line) => ({ ...line, currencyCode })),
  total: ({ totalMinor, currencyCode }: OrderRow) => ({ amount: totalMinor, currencyCode }),
  history: ({ id }: OrderRow, _args: unknown, { history }: Context) => history.load(id),
};
