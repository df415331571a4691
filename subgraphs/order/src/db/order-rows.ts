/** The columns of `orders o` or `every_order o` under the names of `Order`, for raw SQL. */
export const plainOrderColumns = `
  o.id::text, o.number, o.customer_id::text AS "customerId", o.status::text, o.status_reason AS "statusReason",
  o.currency_code::text AS "currencyCode", o.total_minor::float8 AS "totalMinor", o.shipping_address AS "shippingAddress",
  o.billing_address AS "billingAddress", o.version, o.placed_at AS "placedAt", o.updated_at AS "updatedAt",
  o.reserved_until AS "reservedUntil", o.tracking_number AS "trackingNumber"`;

/** As above, with the order's lines, which are in `items`. */
const withLines = (items: 'order_items' | 'every_order_item') => `${plainOrderColumns},
  (SELECT json_agg(json_build_object('id', i.id, 'productId', i.product_id, 'sku', i.sku, 'name', i.name,
     'unitPriceMinor', i.unit_price_minor, 'quantity', i.quantity) ORDER BY i.position)
     FROM ${items} i WHERE i.order_id = o.id) AS lines`;

/** The columns of an order that is not archived. */
export const orderColumns = withLines('order_items');

/** The columns of any order. */
export const everyOrderColumns = withLines('every_order_item');
