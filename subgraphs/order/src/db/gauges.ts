import type { DatabaseGauges } from '@shop/subgraph';

interface Row {
  readonly status: string;
  readonly count: number;
  readonly oldestSeconds: number;
}

/** The statuses that something else is to happen to. The number of final orders grows without end, and is not counted. */
const openStatuses = ['PENDING', 'RESERVED', 'PAID', 'PROCESSING', 'SHIPPED'];

/** By the index over status and time: a page of it for each status. */
const selectOrders = `
SELECT s.status, coalesce(o.count, 0)::float8 AS count, coalesce(o.age, 0)::float8 AS "oldestSeconds"
FROM unnest($1::text[]) AS s(status) CROSS JOIN LATERAL (
  SELECT count(*) AS count, extract(epoch FROM clock_timestamp() - min(placed_at)) AS age
  FROM orders WHERE status = s.status::"OrderStatus") AS o`;

const selectMoney = `
SELECT 'payment' AS status, count(*)::float8 AS count,
  coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS "oldestSeconds"
FROM payments WHERE status = 'PENDING'
UNION ALL
SELECT 'refund', count(*)::float8, coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8
FROM refunds WHERE status = 'PENDING'`;

/** Orders, payments and refunds that are not finished. */
export const gauges: readonly DatabaseGauges[] = [
  {
    name: 'orders',
    gauges: {
      shop_orders_open: { help: 'Orders that are not final, by status', labels: ['status'] },
      shop_orders_oldest_open_seconds: { help: 'Age of the oldest order that is not final, or 0', labels: ['status'] },
    },
    maxAgeMs: 30_000,
    read: async (sql) => {
      const rows = await sql.query<Row>(selectOrders, [openStatuses]);
      return {
        shop_orders_open: rows.map(({ status, count }) => ({ labels: { status }, value: count })),
        shop_orders_oldest_open_seconds: rows.map((row) => ({
          labels: { status: row.status },
          value: row.oldestSeconds,
        })),
      };
    },
  },
  {
    name: 'payments',
    gauges: {
      shop_payments_pending: { help: 'Payments and refunds whose outcome is not known', labels: ['kind'] },
      shop_payments_oldest_pending_seconds: {
        help: 'Age of the oldest payment or refund whose outcome is not known, or 0',
        labels: ['kind'],
      },
    },
    read: async (sql) => {
      const rows = await sql.query<Row>(selectMoney);
      return {
        shop_payments_pending: rows.map(({ status, count }) => ({ labels: { kind: status }, value: count })),
        shop_payments_oldest_pending_seconds: rows.map((row) => ({
          labels: { kind: row.status },
          value: row.oldestSeconds,
        })),
      };
    },
  },
];
