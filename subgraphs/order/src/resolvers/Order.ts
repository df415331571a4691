import type { CompleteFields } from '@shop/subgraph';
import type { OrderResolvers } from './schema-types.ts';
import { loadVisibleOrder } from './visible.ts';

export const Order = {
  __resolveReference: ({ id }, context) => loadVisibleOrder(id, context),
  customer: ({ customerId }) => (customerId === null ? null : { id: customerId }),
  items: async ({ id, currencyCode, lines: known }, _args, { lines }) =>
    (known ?? (await lines.load(id))).map((line) => ({ ...line, currencyCode })),
  total: ({ totalMinor, currencyCode }) => ({ amount: totalMinor, currencyCode }),
  payments: ({ id }, _args, { paymentsOf }) => paymentsOf.load(id),
  history: ({ id }, _args, { history }) => history.load(id),
} satisfies CompleteFields<OrderResolvers>;
