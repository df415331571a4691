import { sqlOver } from '@shop/subgraph';
import type { Transaction } from './database.ts';

/**
 * The archive. A final order leaves the tables in which orders change, with all its rows, for one row of `archived_orders`. Reads use
 * the views `every_order`, `every_order_item` and so on, which have both. A change of an archived order brings it back first.
 */

/** The columns that `orders` and `archived_orders` share. */
const orderColumns = `id, number, customer_id, status, status_reason, currency_code, total_minor, shipping_address, billing_address,
  idempotency_key, fingerprint, version, placed_at, updated_at, reserved_until, tracking_number`;

/** The tables with the rows of an order, in the order in which they can be deleted, and the column that keeps them. */
const parts = [
  { table: 'refunds', column: 'refunds', order: 'created_at, id' },
  { table: 'payments', column: 'payments', order: 'created_at, id' },
  { table: 'order_events', column: 'history', order: 'sequence' },
  { table: 'order_items', column: 'items', order: 'position' },
] as const;

/** The columns whose rows name an actor. */
const partsWithActor = ['history', 'payments', 'refunds'] as const;

const ARCHIVING = `hashtextextended('archiving orders', 0)`;

/**
 * Moves up to `limit` final orders into the archive, the oldest first. Left out are orders that changed at `before` or later, and those
 * with a payment or refund under way. Does nothing while another process archives or erases.
 *
 * @returns the number of orders that moved.
 */
export async function archiveOrders(tx: Transaction, before: Date, limit: number): Promise<number> {
  const sql = sqlOver(tx);
  const [lock] = await sql.query<{ isFree: boolean }>(`SELECT pg_try_advisory_xact_lock(${ARCHIVING}) AS "isFree"`);
  if (lock?.isFree !== true) return 0;
  // One page per status, directly from its index. Ids of version 7 begin with the milliseconds since 1970.
  const chosen = await sql.query<{ id: string; month: string }>(
    `SELECT o.id::text, to_char(to_timestamp(('x' || substr(translate(o.id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0)
              AT TIME ZONE 'UTC', 'YYYY-MM') AS month
       FROM unnest('{DELIVERED,FAILED,CANCELLED,EXPIRED}'::"OrderStatus"[]) AS final(status)
       CROSS JOIN LATERAL (
         SELECT id FROM orders
          WHERE orders.status = final.status AND placed_at < $1::timestamptz AND updated_at < $1::timestamptz
            AND substr(id::text, 15, 1) = '7'
            AND NOT EXISTS (SELECT FROM payments p WHERE p.order_id = orders.id AND p.status = 'PENDING')
            AND NOT EXISTS (SELECT FROM refunds r WHERE r.order_id = orders.id AND r.status = 'PENDING')
          ORDER BY placed_at, id LIMIT $2::int FOR UPDATE SKIP LOCKED) AS o
      LIMIT $2::int`,
    [before, limit],
  );
  if (chosen.length === 0) return 0;
  for (const month of new Set(chosen.map((order) => order.month))) await ensurePartition(tx, month);
  const ids = [chosen.map(({ id }) => id)];
  await sql.query(
    `INSERT INTO archived_orders (${orderColumns}, ${parts.map(({ column }) => column).join(', ')}, actor_ids, archived_at)
     SELECT ${orderColumns}, ${parts.map(readPart).join(', ')}, ${readActors}, clock_timestamp() FROM orders o WHERE id = ANY($1::uuid[])`,
    ids,
  );
  await sql.query(
    `INSERT INTO archived_order_keys (order_id, number, customer_id, idempotency_key)
     SELECT id, number, customer_id, idempotency_key FROM orders WHERE id = ANY($1::uuid[])`,
    ids,
  );
  for (const { table } of parts) await sql.query(`DELETE FROM ${table} WHERE order_id = ANY($1::uuid[])`, ids);
  await sql.query('DELETE FROM orders WHERE id = ANY($1::uuid[])', ids);
  return chosen.length;
}

/** Brings archived orders back, so that they can change. Returns how many of these there were. */
export async function restoreOrders(tx: Transaction, orderIds: readonly string[]): Promise<number> {
  const inserts = parts.map(
    ({ table, column }) => `${table}_restored AS (
       INSERT INTO ${table} SELECT r.* FROM restored CROSS JOIN LATERAL jsonb_populate_recordset(NULL::${table}, restored.${column}) AS r
     )`,
  );
  const [row] = await sqlOver(tx).query<{ count: number }>(
    `WITH restored AS (DELETE FROM archived_orders WHERE id = ANY($1::uuid[]) RETURNING *),
       keys AS (DELETE FROM archived_order_keys WHERE order_id = ANY($1::uuid[])),
       orders_restored AS (INSERT INTO orders (${orderColumns}) SELECT ${orderColumns} FROM restored),
       ${inserts.join(', ')}
     SELECT count(*)::int AS count FROM restored`,
    [orderIds],
  );
  return row?.count ?? 0;
}

/** Brings back all archived orders of a customer. */
export async function restoreOrdersOf(tx: Transaction, customerId: string): Promise<void> {
  const archived = await sqlOver(tx).query<{ id: string }>(
    'SELECT id::text FROM archived_orders WHERE customer_id = $1::uuid',
    [customerId],
  );
  if (archived.length > 0)
    await restoreOrders(
      tx,
      archived.map(({ id }) => id),
    );
}

/** Keeps orders from being archived until the transaction ends. Waits for a batch that is being archived. */
export async function pauseArchiving(tx: Transaction): Promise<void> {
  await sqlOver(tx).query(`SELECT pg_advisory_xact_lock_shared(${ARCHIVING})::text`);
}

/** Erases a user as the actor of any change to archived orders. Archiving must be paused. */
export async function forgetArchivedActor(tx: Transaction, actorId: string): Promise<void> {
  const forget = (column: string) => `${column} = (
    SELECT coalesce(jsonb_agg(
        CASE WHEN (entry->>'actor_id')::uuid = $1::uuid THEN entry || '{"actor_id": null}' ELSE entry END ORDER BY place), '[]')
      FROM jsonb_array_elements(${column}) WITH ORDINALITY AS entries(entry, place))`;
  await sqlOver(tx).query(
    `UPDATE archived_orders SET ${partsWithActor.map(forget).join(', ')}, actor_ids = array_remove(actor_ids, $1::uuid)
      WHERE actor_ids @> ARRAY[$1::uuid]`,
    [actorId],
  );
}

/** Creates the partition of a month, such as `2026-11`, unless it is there. */
async function ensurePartition(tx: Transaction, month: string): Promise<void> {
  const name = `archived_orders_${month.replace('-', '_')}`;
  const start = new Date(`${month}-01T00:00:00Z`);
  const end = new Date(start);
  end.setUTCMonth(end.getUTCMonth() + 1);
  const [table] = await sqlOver(tx).query<{ isThere: boolean }>(`SELECT to_regclass($1) IS NOT NULL AS "isThere"`, [
    name,
  ]);
  if (table?.isThere === true) return;
  // Attaching needs a weaker lock than CREATE TABLE … PARTITION OF: reads of the archive go on.
  await sqlOver(tx).query(`CREATE TABLE ${name} (LIKE archived_orders INCLUDING ALL)`);
  await sqlOver(tx).query(
    `ALTER TABLE archived_orders ATTACH PARTITION ${name} FOR VALUES FROM ('${firstId(start)}') TO ('${firstId(end)}')`,
  );
}

/** The smallest UUID of version 7 of this millisecond. */
function firstId(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

function readPart({ table, order }: (typeof parts)[number]): string {
  return `(SELECT coalesce(jsonb_agg(to_jsonb(part) ORDER BY ${order}), '[]') FROM ${table} AS part WHERE part.order_id = o.id)`;
}

const readActors = `ARRAY(
  SELECT DISTINCT actor_id FROM (
    SELECT order_id, actor_id FROM order_events UNION ALL SELECT order_id, actor_id FROM payments
    UNION ALL SELECT order_id, actor_id FROM refunds) AS acting
  WHERE acting.order_id = o.id AND actor_id IS NOT NULL)`;
