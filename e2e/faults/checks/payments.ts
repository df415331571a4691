import { type Check, noRows, tell } from './check.ts';

/**
 * The amounts that the provider has charged and refunded for each order. The provider's keys are our ids of payments
 * and refunds.
 */
const MONEY = `
  WITH money AS (
    SELECT o.id, o.status::text, o.total_minor, o.customer_id,
           coalesce((SELECT sum(c.amount_minor) FROM payments p JOIN simulated_charges c ON c.key = p.id::text
                      WHERE p.order_id = o.id AND c.declined IS NULL), 0) AS charged,
           coalesce((SELECT sum(s.amount_minor) FROM refunds r JOIN simulated_refunds s ON s.key = r.id::text
                      WHERE r.order_id = o.id), 0) AS refunded,
           coalesce((SELECT sum(r.amount_minor) FROM refunds r WHERE r.order_id = o.id AND r.idempotency_key IS NOT NULL), 0) AS by_staff
      FROM orders o)`;

const PAID = `('PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED')`;

const books: Check[] = [
  noRows(
    'order',
    'orders are paid for, and the provider has another amount',
    `${MONEY}
    SELECT * FROM money WHERE status IN ${PAID} AND (charged - refunded <> total_minor - by_staff OR refunded > charged)`,
  ),
  noRows(
    'order',
    'orders are not paid for, and the provider keeps money',
    `${MONEY}
    SELECT * FROM money WHERE status NOT IN ${PAID} AND charged <> refunded`,
  ),
  noRows(
    'order',
    'orders were charged twice for good',
    `
    SELECT p.order_id, count(*)::int FROM payments p JOIN simulated_charges c ON c.key = p.id::text
     WHERE c.declined IS NULL AND p.refunded_minor < p.amount_minor GROUP BY 1 HAVING count(*) > 1`,
  ),
  noRows(
    'order',
    'charges are of no payment of ours',
    `
    SELECT c.* FROM simulated_charges c LEFT JOIN payments p ON p.id::text = c.key
     WHERE p.id IS NULL OR p.amount_minor <> c.amount_minor
        OR (c.declined IS NULL) <> (p.status IN ('SUCCEEDED', 'REFUNDED', 'PARTIALLY_REFUNDED'))`,
  ),
  noRows(
    'order',
    'payments succeeded, and the provider knows nothing of them',
    `
    SELECT p.id, p.status FROM payments p LEFT JOIN simulated_charges c ON c.key = p.id::text AND c.declined IS NULL
     WHERE p.status IN ('SUCCEEDED', 'REFUNDED', 'PARTIALLY_REFUNDED') AND c.key IS NULL`,
  ),
  noRows(
    'order',
    'refunds are not the same at the provider',
    `
    SELECT coalesce(r.id::text, s.key) AS key, r.status, r.amount_minor, s.amount_minor AS given_back
      FROM refunds r FULL JOIN simulated_refunds s ON s.key = r.id::text
     WHERE r.id IS NULL OR s.key IS NULL OR r.status <> 'SUCCEEDED' OR r.amount_minor <> s.amount_minor`,
  ),
  noRows(
    'order',
    'payments have another sum of refunds',
    `
    SELECT p.id, p.refunded_minor, sum(r.amount_minor) FROM payments p LEFT JOIN refunds r ON r.payment_id = p.id
     GROUP BY p.id HAVING p.refunded_minor <> coalesce(sum(r.amount_minor), 0)`,
  ),
  noRows(
    'order',
    'payments are not their customer’s',
    `
    SELECT p.id, p.actor_id, o.customer_id FROM payments p JOIN orders o ON o.id = p.order_id
     WHERE p.actor_id IS DISTINCT FROM o.customer_id`,
  ),
  noRows(
    'order',
    'payments are still not decided',
    `SELECT id, order_id, charge_until FROM payments WHERE status = 'PENDING'`,
  ),
];

/**
 * The provider has the payments of orders, less the refunds. No customer was charged twice, for nothing, or for another
 * customer's order.
 */
export const checkPayments: Check = async (evidence) => {
  const found = await Promise.all([...books, checkTotals, checkToldRefunds].map((check) => check(evidence)));
  return found.flat();
};

const checkTotals: Check = async ({ databases }) => {
  const [row] = await databases.query<{ charged: string; refunded: string; paid: string; staff: string }>(
    'order',
    `${MONEY}
    SELECT sum(charged) AS charged, sum(refunded) AS refunded, coalesce(sum(total_minor) FILTER (WHERE status IN ${PAID}), 0) AS paid,
           coalesce(sum(by_staff) FILTER (WHERE status IN ${PAID}), 0) AS staff FROM money`,
  );
  const [charged, refunded, paid, staff] = [row?.charged, row?.refunded, row?.paid, row?.staff].map((text) =>
    BigInt(text ?? 0),
  ) as [bigint, bigint, bigint, bigint];
  return charged === refunded + paid - staff
    ? []
    : [`the provider has charged ${charged} and given back ${refunded}; orders paid ${paid} less ${staff}`];
};

/** Every refund that was confirmed to staff exists, once for its key. */
const checkToldRefunds: Check = async ({ databases, journal }) => {
  const rows = await databases.query<{ refund: string; amount: string }>(
    'order',
    `SELECT order_id || ' ' || idempotency_key AS refund, amount_minor AS amount FROM refunds WHERE idempotency_key IS NOT NULL`,
  );
  const made = new Map(rows.map(({ refund, amount }) => [refund, Number(amount)]));
  const wrong = journal.orders.flatMap(({ id, refunds }) =>
    [...refunds]
      .filter(([key, amount]) => {
        const found = made.get(`${id} ${key}`);
        return found === undefined || (amount !== null && found !== amount);
      })
      .map(([key]) => `${id} ${key}`),
  );
  return tell(wrong.length, 'refunds that staff were told of are not there', wrong);
};
