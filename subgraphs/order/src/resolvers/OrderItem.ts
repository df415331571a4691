import type { OrderLine } from '../domain/order.ts';

type Line = OrderLine & { readonly currencyCode: string };

export const OrderItem = {
  product: ({ productId }: Line) => ({ id: productId }),
  unitPrice: ({ unitPriceMinor, currencyCode }: Line) => ({ amount: unitPriceMinor, currencyCode }),
  lineTotal: ({ unitPriceMinor, quantity, currencyCode }: Line) => ({ amount: unitPriceMinor * quantity, currencyCode }),
};
