import { serviceNames } from '@shop/contracts';
import { type Check, noRows, tell } from './check.ts';

/** Every event was published, handled, and had its effect once. */
export const checkEvents: Check = async (evidence) => {
  const found = await Promise.all([...messages, ...effects].map((check) => check(evidence)));
  return found.flat();
};

const messages = serviceNames.flatMap((name): Check[] => [
  async ({ databases }) => {
    const rows = await databases.query(
      name,
      'SELECT id, type, created_at FROM outbox WHERE published_at IS NULL ORDER BY sequence',
    );
    return tell(rows.length, `events of ${name} are not published`, rows);
  },
  async ({ databases }) => {
    const rows = await databases.query(
      name,
      'SELECT type, error, message_id FROM dead_letters WHERE resolved_at IS NULL ORDER BY failed_at',
    );
    return tell(rows.length, `dead letters of ${name} are not resolved`, rows);
  },
]);

/** The allowed transitions of an order's history. */
const MOVES = [
  '- PENDING',
  'PENDING RESERVED',
  'PENDING FAILED',
  'PENDING CANCELLED',
  'RESERVED PAID',
  'RESERVED EXPIRED',
  'RESERVED CANCELLED',
  'PAID PROCESSING',
  'PAID CANCELLED',
  'PROCESSING SHIPPED',
  'PROCESSING CANCELLED',
  'SHIPPED DELIVERED',
];

const effects: Check[] = [
  noRows(
    'product',
    'times a product was reserved twice for one order',
    `
    SELECT order_id, product_id, count(*)::int FROM stock_movements WHERE type = 'RESERVED' GROUP BY 1, 2 HAVING count(*) > 1`,
  ),
  noRows(
    'product',
    'times a reservation was ended twice, or without having been made',
    `
    SELECT order_id, product_id, array_agg(type::text ORDER BY sequence) AS movements
      FROM stock_movements WHERE order_id IS NOT NULL GROUP BY 1, 2
    HAVING count(*) FILTER (WHERE type IN ('RELEASED', 'COMMITTED')) > count(*) FILTER (WHERE type = 'RESERVED')
        OR sum(reserved_delta) < 0 OR count(*) FILTER (WHERE type IN ('RELEASED', 'COMMITTED')) > 1`,
  ),
  noRows(
    'order',
    'moves in histories do not go on from the one before, or are none',
    `
    SELECT order_id, sequence, from_status, to_status FROM (
      SELECT order_id, sequence, type, from_status::text, to_status::text,
             lag(to_status::text) OVER w AS before, coalesce(lag(sequence) OVER w, 0) + 1 AS expected
        FROM order_events WINDOW w AS (PARTITION BY order_id ORDER BY sequence)) AS moves
     WHERE from_status IS DISTINCT FROM before OR sequence <> expected
        OR NOT (coalesce(from_status, '-') || ' ' || to_status = ANY ('{${MOVES.join(',')}}')
                OR (type = 'REFUNDED' AND from_status = to_status))`,
  ),
  noRows(
    'order',
    'transitions were made twice',
    `
    SELECT order_id, type, count(*)::int FROM order_events WHERE type <> 'REFUNDED' GROUP BY 1, 2 HAVING count(*) > 1`,
  ),
  noRows(
    'order',
    'orders are not what their history says',
    `
    SELECT o.id, o.status, o.version, e.to_status, e.sequence FROM orders o
      LEFT JOIN LATERAL (SELECT to_status, sequence FROM order_events WHERE order_id = o.id ORDER BY sequence DESC LIMIT 1) e ON true
     WHERE e.to_status IS DISTINCT FROM o.status OR e.sequence IS DISTINCT FROM o.version`,
  ),
  noRows(
    'notification',
    'changes of an order have two messages',
    `
    SELECT order_id, template, position, count(*)::int FROM notifications
     WHERE order_id IS NOT NULL AND template <> 'order-refunded' GROUP BY 1, 2, 3, channel HAVING count(*) > 1`,
  ),
];
