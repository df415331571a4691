import type { OrderStatus, PaymentStatus } from '@shop/client';
import type {
  ArchivedDeadLetter,
  ArchivedOrder,
  ArchivedProduct,
  BySubgraph,
  Manifest,
  Subgraph,
} from '../manifest.ts';
import type { Databases } from './databases.ts';
import type { NotedOrder, Notes } from './notes.ts';

const SUBGRAPHS: readonly Subgraph[] = ['user', 'product', 'order'];

/** Writes the manifest: the contents of the data directory, and their expected state after the upgrade. */
export async function describeDatabases(
  databases: Databases,
  notes: Notes,
): Promise<
  Pick<Manifest, 'products' | 'orders' | 'unpublished' | 'unhandled' | 'deadLetters' | 'migrations' | 'rows'>
> {
  const orders = await Promise.all(notes.orders.map((noted) => describeOrder(databases, noted)));
  const deadLetters = await Promise.all(SUBGRAPHS.map((subgraph) => listDeadLetters(databases, subgraph)));
  return {
    products: await describeProducts(databases, orders),
    orders,
    unpublished: await forEachSubgraph((subgraph) => listUnpublished(databases, subgraph)),
    unhandled: notes.unhandled,
    deadLetters: deadLetters.flat(),
    migrations: await forEachSubgraph((subgraph) => listMigrations(databases, subgraph)),
    rows: await forEachSubgraph((subgraph) => countRows(databases, subgraph)),
  };
}

async function forEachSubgraph<Value>(ask: (subgraph: Subgraph) => Promise<Value>): Promise<BySubgraph<Value>> {
  const [user, product, order] = await Promise.all([ask('user'), ask('product'), ask('order')]);
  return { user, product, order };
}

const ORDER = `
SELECT o.number, o.status::text AS status, o.customer_id AS customer, o.total_minor::float8 AS amount,
  o.currency_code AS "currencyCode",
  (SELECT jsonb_agg(jsonb_build_object('sku', i.sku, 'quantity', i.quantity) ORDER BY i.position)
   FROM order_items i WHERE i.order_id = o.id) AS lines,
  (SELECT jsonb_agg(jsonb_build_object('id', e.id, 'type', e.type) ORDER BY e.sequence)
   FROM order_events e WHERE e.order_id = o.id) AS history,
  coalesce((SELECT jsonb_agg(jsonb_build_object('id', p.id, 'status', p.status) ORDER BY p.created_at, p.id)
   FROM payments p WHERE p.order_id = o.id), '[]') AS payments
FROM orders o WHERE o.id = $1`;

interface OrderRow {
  readonly number: string;
  readonly status: OrderStatus;
  readonly customer: string | null;
  readonly amount: number;
  readonly currencyCode: string;
  readonly lines: { readonly sku: string; readonly quantity: number }[];
  readonly history: { readonly id: string; readonly type: string }[];
  readonly payments: { readonly id: string; readonly status: PaymentStatus }[];
}

async function describeOrder(databases: Databases, { id, purpose, expected = {} }: NotedOrder): Promise<ArchivedOrder> {
  const [row] = await databases.query<OrderRow>('order', ORDER, [id]);
  if (row === undefined) throw new Error(`The order ${id} is not in the database.`);
  const { number, status, customer: customerId, amount, currencyCode, lines, history, payments } = row;
  const customer = customerId === null ? null : await findEmail(databases, customerId);
  return {
    purpose,
    id,
    number,
    total: { amount, currencyCode },
    lines,
    archived: { status, customer, history, payments },
    expected: {
      status,
      customer,
      addedHistory: [],
      payments: payments.map((payment) => payment.status),
      ...expected,
    },
  };
}

/** The order subgraph may still have the id of a deleted account. */
async function findEmail(databases: Databases, userId: string): Promise<string | null> {
  const [row] = await databases.query<{ email: string }>('user', 'SELECT email FROM users WHERE id = $1', [userId]);
  return row?.email ?? null;
}

const PRODUCT = `
SELECT id, sku, name, price_minor::float8 AS amount, currency_code AS "currencyCode", on_sale AS "onSale", version,
  (SELECT sum(on_hand_delta)::int FROM stock_movements WHERE product_id = p.id AND type IN ('RECEIVED', 'ADJUSTED', 'RETURNED')) AS received
FROM products p ORDER BY id`;

interface ProductRow extends Omit<ArchivedProduct, 'price' | 'expectedStock'> {
  readonly amount: number;
  readonly currencyCode: string;
  readonly received: number;
}

/** Shipped units have left the stock, and units of open orders are reserved. Both follow from the orders alone. */
async function describeProducts(databases: Databases, orders: readonly ArchivedOrder[]): Promise<ArchivedProduct[]> {
  const rows = await databases.query<ProductRow>('product', PRODUCT);
  return rows.map(({ amount, currencyCode, received, ...product }) => {
    const count = (...statuses: readonly OrderStatus[]): number =>
      orders
        .filter(({ expected }) => statuses.includes(expected.status))
        .flatMap(({ lines }) => lines.filter(({ sku }) => sku === product.sku))
        .reduce((sum, { quantity }) => sum + quantity, 0);
    const expectedStock = {
      onHand: received - count('SHIPPED', 'DELIVERED'),
      reserved: count('RESERVED', 'PAID', 'PROCESSING'),
    };
    return { ...product, price: { amount, currencyCode }, expectedStock };
  });
}

async function listUnpublished(databases: Databases, subgraph: Subgraph): Promise<string[]> {
  const rows = await databases.query<{ id: string }>(
    subgraph,
    'SELECT id FROM outbox WHERE published_at IS NULL ORDER BY sequence',
  );
  return rows.map(({ id }) => id);
}

async function listDeadLetters(databases: Databases, service: Subgraph): Promise<ArchivedDeadLetter[]> {
  const rows = await databases.query<Omit<ArchivedDeadLetter, 'service'>>(
    service,
    `SELECT id, message_id AS event, type, convert_from(payload, 'UTF8')::jsonb->>'subject' AS subject FROM dead_letters
     WHERE resolved_at IS NULL ORDER BY id`,
  );
  return rows.map((row) => ({ ...row, service }));
}

async function listMigrations(databases: Databases, subgraph: Subgraph): Promise<Record<string, string>> {
  const rows = await databases.query<{ name: string; checksum: string }>(
    subgraph,
    `SELECT migration_name AS name, checksum FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
  return Object.fromEntries(rows.map(({ name, checksum }) => [name, checksum]));
}

async function countRows(databases: Databases, subgraph: Subgraph): Promise<Record<string, number>> {
  const tables = await databases.query<{ name: string }>(
    subgraph,
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`,
  );
  const counts = tables.map(async ({ name }) => {
    const [row] = await databases.query<{ count: number }>(subgraph, `SELECT count(*)::int AS count FROM "${name}"`);
    return [name, row?.count ?? 0] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}
