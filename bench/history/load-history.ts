import type { TestStack } from '@shop/testing';
import pg from 'pg';

/** Orders of the customer who has more than all others: one in a hundred. */
const HEAVY = 'CASE WHEN n % 100 = 3 THEN 1 ELSE 1 + n % greatest($1::int / 10, 10) END';

/** SQL for the id of the row `n` of a kind: it grows with `n`, as ids of version 7 grow with time. */
const idOf = (kind: string, n: string): string =>
  `('0190' || lpad(to_hex(${n}), 8, '0') || '70008000' || substr(md5('${kind}' || ${n}), 1, 12))::uuid`;

const placedAt = `now() - ($1::int - n) * interval '1 minute'`;

// Nearly all orders are DELIVERED. One in twenty is CANCELLED.
const orders = `
  INSERT INTO orders (id, number, customer_id, status, currency_code, total_minor, shipping_address, billing_address, idempotency_key,
                      fingerprint, version, placed_at, updated_at)
  SELECT ${idOf('order', 'n')}, 'H-' || n, ${idOf('user', HEAVY)},
         (CASE WHEN n % 20 = 0 THEN 'CANCELLED' ELSE 'DELIVERED' END)::"OrderStatus",
         'USD', 1000, address, address, 'key-' || n, md5(n::text), 6, ${placedAt}, ${placedAt}
    FROM generate_series(1, $1::int) AS n,
         jsonb_build_object('street', '1 Main Street', 'city', 'Springfield', 'postalCode', '12345', 'country', 'US') AS address`;
const users = `
  INSERT INTO users (id, email, email_key, name, role, active, password_hash, created_at, updated_at)
  SELECT ${idOf('user', 'n')}, email, email, initcap(substr(md5(n::text), 1, 6)) || ' Account', 'CUSTOMER', true, '', ${placedAt}, now()
    FROM (SELECT n, md5(n::text) || '@history.example' AS email FROM generate_series(1, $1::int) AS n) AS numbers`;

/** Fills the tables of orders and accounts, without lines, history and events. Returns the id of the customer with most orders. */
export async function loadHistory({ stack }: TestStack, size: number): Promise<string> {
  await insert(stack.databaseUrl('user'), 'users', users, size);
  return insert(stack.databaseUrl('order'), 'orders', orders, size);
}

async function insert(connectionString: string, table: string, text: string, size: number): Promise<string> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(text, [size]);
    await client.query(`VACUUM ANALYZE ${table}`);
    const { rows } = await client.query<{ id: string }>(`SELECT ${idOf('user', '1')} AS id`);
    return rows[0]?.id ?? '';
  } finally {
    await client.end();
  }
}
