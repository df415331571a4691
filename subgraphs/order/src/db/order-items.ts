import type { OrderLine } from '../domain/order.ts';
import type { OrderItem as OrderItemRow } from './generated/client.ts';

export function toLine({ id, productId, sku, name, unitPriceMinor, quantity }: OrderItemRow): OrderLine {
  return { id, productId, sku, name, unitPriceMinor: Number(unitPriceMinor), quantity };
}
