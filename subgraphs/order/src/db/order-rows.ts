import type { Address, Order, OrderLine } from '../domain/order.ts';
import type { Order as OrderRow, OrderItem as OrderItemRow } from './generated/client.ts';

export function toOrder(row: OrderRow): Order {
  const { idempotencyKey: _key, fingerprint: _fingerprint, ...order } = row;
  return {
    ...order,
    totalMinor: Number(row.totalMinor),
    shippingAddress: row.shippingAddress as unknown as Address,
    billingAddress: row.billingAddress as unknown as Address,
  };
}

export function toLine({ id, productId, sku, name, unitPriceMinor, quantity }: OrderItemRow): OrderLine {
  return { id, productId, sku, name, unitPriceMinor: Number(unitPriceMinor), quantity };
}

/** The columns of `orders o` under the names of `Order`, for raw SQL. */
export const plainOrderColumns = `
  o.id::text, o.number, o.customer_id::text AS "customerId", o.status::text, o.status_reason AS "statusReason",
  o.currency_code::text AS "currencyCode", o.total_minor::float8 AS "totalMinor", o.shipping_address AS "shippingAddress",
  o.billing_address AS "billingAddress", o.version, o.placed_at AS "placedAt", o.updated_at AS "updatedAt",
  o.reserved_until AS "reservedUntil", o.tracking_number AS "trackingNumber"`;

/** As above, with the order's lines. */
export const orderColumns = `${plainOrderColumns},
  (SELECT json_agg(json_build_object('id', i.id, 'productId', i.product_id, 'sku', i.sku, 'name', i.name,
     'unitPriceMinor', i.unit_price_minor, 'quantity', i.quantity) ORDER BY i.position)
     FROM order_items i WHERE i.order_id = o.id) AS lines`;
