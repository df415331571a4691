import type { Difference } from '../difference.ts';
import type { Snapshot } from '../snapshot.ts';

interface Money {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly total: string;
  readonly paying: string[];
  readonly kept: string;
}

const paidStatuses = ['PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED'];
const isPaid = `o.status IN ('${paidStatuses.join("', '")}')`;
/** The part of an order's payments that is kept and does not pay for it. */
const kept = `coalesce(CASE WHEN ${isPaid} THEN p.kept_of_others ELSE p.kept END, 0)`;

// A capture that came too late for its order has a failure reason and is refunded: it pays for nothing. Texts are made only of the
// orders that are reported.
const money = `
  SELECT o.id, o.number, o.status::text, o.total_minor || ' ' || o.currency_code AS total,
         coalesce((SELECT array_agg(amount_minor || ' ' || currency_code) FROM every_payment
                    WHERE order_id = o.id AND failure_reason IS NULL AND status IN ('SUCCEEDED', 'PARTIALLY_REFUNDED', 'REFUNDED')),
                  '{}') AS paying,
         ${kept} AS kept
    FROM every_order o
    LEFT JOIN (
      SELECT order_id,
             count(*) FILTER (WHERE failure_reason IS NULL) AS paying,
             max(amount_minor) FILTER (WHERE failure_reason IS NULL) AS amount_minor,
             max(currency_code) FILTER (WHERE failure_reason IS NULL) AS currency_code,
             sum(amount_minor - refunded_minor - coalesce(refunding, 0)) AS kept,
             sum(amount_minor - refunded_minor - coalesce(refunding, 0)) FILTER (WHERE failure_reason IS NOT NULL) AS kept_of_others
        FROM every_payment captured
        LEFT JOIN (SELECT payment_id, sum(amount_minor) AS refunding FROM refunds WHERE status = 'PENDING' GROUP BY payment_id) r
          ON r.payment_id = captured.id
       WHERE status IN ('SUCCEEDED', 'PARTIALLY_REFUNDED', 'REFUNDED')
       GROUP BY order_id) p ON p.order_id = o.id
   WHERE ${kept} <> 0
      OR (${isPaid} AND (p.paying, p.amount_minor, p.currency_code) IS DISTINCT FROM (1, o.total_minor, o.currency_code))
   ORDER BY o.id`;

/** A paid order has one payment of its total. All other payments are refunded. */
export async function checkPaidOrders(snapshot: Snapshot): Promise<Difference[]> {
  const rows = await snapshot.query<Money>(money);
  return rows.flatMap(({ id, number, status, total, paying, kept }) => {
    const tell = (message: string): Difference => ({ check: 'payments', subject: `order ${number} (${id})`, message });
    return [
      paidStatuses.includes(status) && (paying.length !== 1 || paying[0] !== total)
        ? tell(`it is ${status} with a total of ${total}, and its payments are ${paying.join(' and ') || 'none'}`)
        : [],
      Number(kept) === 0 ? [] : tell(`it is ${status}, and ${kept} is kept that does not pay for it and has no refund`),
    ].flat();
  });
}

/** The refunded amount of a payment is the sum of its refunds, and never more than was captured. */
export async function checkRefunds(snapshot: Snapshot): Promise<Difference[]> {
  const rows = await snapshot.query<{ id: string; amount: string; refunded: string; made: string; recorded: string }>(`
    SELECT p.id, p.amount_minor AS amount, p.refunded_minor AS refunded, coalesce(r.made, 0) AS made, coalesce(r.recorded, 0) AS recorded
      FROM every_payment p
      LEFT JOIN (SELECT payment_id, sum(amount_minor) FILTER (WHERE status = 'SUCCEEDED') AS made, sum(amount_minor) AS recorded
                   FROM every_refund GROUP BY payment_id) r ON r.payment_id = p.id
     WHERE p.refunded_minor <> coalesce(r.made, 0)
        OR coalesce(r.recorded, 0) > CASE WHEN p.status IN ('SUCCEEDED', 'PARTIALLY_REFUNDED', 'REFUNDED') THEN p.amount_minor ELSE 0 END
     ORDER BY p.id`);
  return rows.map(({ id, amount, refunded, made, recorded }) => ({
    check: 'payments',
    subject: `payment ${id}`,
    message:
      refunded === made
        ? `its refunds add up to ${recorded}, and only ${amount} can be refunded`
        : `${refunded} is recorded as refunded, and its refunds add up to ${made}`,
  }));
}

/** A placed order is RESERVED or FAILED within moments, unless events wait or a consumer is down. */
export async function checkPendingOrders(snapshot: Snapshot, maxAgeMs: number): Promise<Difference[]> {
  const [row] = await snapshot.query<{ count: number; seconds: number | null; numbers: string[] | null }>(
    `SELECT count(*)::int AS count, extract(epoch FROM clock_timestamp() - min(placed_at))::int AS seconds,
       (array_agg(number::text ORDER BY placed_at))[1:10] AS numbers
       FROM orders WHERE status = 'PENDING' AND placed_at < clock_timestamp() - $1 * interval '1 millisecond'`,
    [maxAgeMs],
  );
  if (row === undefined || row.count === 0) return [];
  const { count, seconds, numbers } = row;
  const more = count > (numbers?.length ?? 0) ? ', …' : '';
  const message = `${count} orders are PENDING, the oldest for ${seconds} s: ${numbers?.join(', ')}${more}`;
  return [{ check: 'orders', subject: 'order', message }];
}

/**
 * A payment gets its outcome and a refund is made within moments, unless the provider or the order subgraph is down.
 */
export async function checkPending(snapshot: Snapshot, maxAgeMs: number): Promise<Difference[]> {
  const rows = await snapshot.query<{ what: string; count: number; seconds: number }>(
    `SELECT what, count(*)::int AS count, extract(epoch FROM clock_timestamp() - min(since))::int AS seconds
       FROM (SELECT 'payments' AS what, charge_until AS since FROM payments WHERE status = 'PENDING'
             UNION ALL SELECT 'refunds', created_at FROM refunds WHERE status = 'PENDING') pending
      WHERE since < clock_timestamp() - $1 * interval '1 millisecond' GROUP BY what ORDER BY what`,
    [maxAgeMs],
  );
  return rows.map(({ what, count, seconds }) => ({
    check: 'payments',
    subject: 'order',
    message: `${count} ${what} ${what === 'payments' ? 'have no outcome' : 'are not made'} yet, the oldest for ${seconds} s`,
  }));
}
