import { summariseStatement } from './summarise-statement.ts';

test.each([
  ['SELECT 1', 'SELECT', undefined],
  ['/* planned each time */ SELECT id FROM orders', 'SELECT', 'orders'],
  ['BEGIN', 'BEGIN', undefined],
  ['SELECT "public"."orders"."id" FROM "public"."orders" WHERE 1=1 LIMIT $1', 'SELECT', 'orders'],
  ['INSERT INTO "public"."sessions" ("id") VALUES ($1) RETURNING "public"."sessions"."id"', 'INSERT', 'sessions'],
  ['INSERT INTO outbox(id) SELECT id FROM x', 'INSERT', 'outbox'],
  ['DELETE FROM inbox WHERE received_at < $1', 'DELETE', 'inbox'],
  ['UPDATE ONLY stock SET on_hand = $1', 'UPDATE', 'stock'],
  ['SELECT id FROM orders o WHERE o.id = $1 FOR UPDATE OF o', 'SELECT', 'orders'],
  ['SELECT id FROM orders WHERE due FOR NO KEY UPDATE SKIP LOCKED', 'SELECT', 'orders'],
  [
    'WITH asked AS (SELECT * FROM jsonb_to_recordset($1) AS o(id uuid)) SELECT id FROM stock JOIN asked USING (id)',
    'SELECT',
    'stock',
  ],
  [
    'WITH due AS (SELECT id FROM n FOR UPDATE SKIP LOCKED) UPDATE notifications AS n SET x = 1 FROM due',
    'UPDATE',
    'notifications',
  ],
  ['INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = excluded.a', 'INSERT', 't'],
])('%s', (text, operation, table) => {
  expect(summariseStatement(text)).toEqual({ operation, table });
});
