import type { CompleteFields } from '@shop/subgraph';
import type { OrderItemResolvers } from './schema-types.ts';

export const OrderItem = {
  product: ({ productId }) => ({ id: productId }),
  unitPrice: ({ unitPriceMinor, currencyCode }) => ({ amount: unitPriceMinor, currencyCode }),
  lineTotal: ({ unitPriceMinor, quantity, currencyCode }) => ({ amount: unitPriceMinor * quantity, currencyCode }),
} satisfies CompleteFields<OrderItemResolvers>;
