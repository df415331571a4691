import pg from 'pg';
import type { BySubgraph, Subgraph } from './manifest.ts';

/** The rows of a database: by table, then by primary key. */
export type Rows = ReadonlyMap<string, ReadonlyMap<string, Row>>;
export type Row = Readonly<Record<string, unknown>>;

const TABLES = `
SELECT c.table_name AS name, array_agg(c.column_name::text ORDER BY c.ordinal_position) AS key
FROM information_schema.table_constraints t
JOIN information_schema.key_column_usage c USING (table_schema, constraint_name)
WHERE t.table_schema = 'public' AND t.constraint_type = 'PRIMARY KEY' GROUP BY c.table_name`;

/** Reads every row of every table. */
export async function readRows(databaseUrl: string): Promise<Rows> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string; key: string[] }>(TABLES);
    const read: [string, Map<string, Row>][] = [];
    for (const { name, key } of tables) {
      const { rows } = await client.query<{ row: Row }>(
        `SELECT to_jsonb(t) AS row FROM ${pg.escapeIdentifier(name)} t`,
      );
      read.push([name, new Map(rows.map(({ row }) => [key.map((column) => String(row[column])).join(' '), row]))]);
    }
    return new Map(read);
  } finally {
    await client.end();
  }
}

export async function readAllRows(databaseUrl: (subgraph: Subgraph) => string): Promise<BySubgraph<Rows>> {
  const [user, product, order] = await Promise.all(
    (['user', 'product', 'order'] as const).map((name) => readRows(databaseUrl(name))),
  );
  return { user, product, order } as BySubgraph<Rows>;
}

/** Tables whose rows are written once. */
const WRITTEN_ONCE = new Set([
  'inbox',
  'order_events',
  'order_items',
  'reservation_lines',
  'simulated_charges',
  'simulated_refunds',
  'stock_movements',
]);

/** Counters of attempts, which expire. */
const NOT_KEPT = new Set(['throttles']);

/**
 * Finds rows that are missing afterwards, and changed rows of tables that are written once. Columns may be added.
 *
 * @param erased - Ids of deleted accounts: rows forget that they acted.
 */
export function findLostRows(before: Rows, after: Rows, erased: readonly string[]): string[] {
  const lost: string[] = [];
  for (const [table, rows] of before) {
    if (NOT_KEPT.has(table)) continue;
    for (const [key, row] of rows) {
      const found = after.get(table)?.get(key);
      if (found === undefined) lost.push(`${table} ${key}`);
      else if (WRITTEN_ONCE.has(table))
        lost.push(...findChanges(row, found, erased).map((c) => `${table} ${key}: ${c}`));
    }
  }
  return lost;
}

function findChanges(before: Row, after: Row, erased: readonly string[]): string[] {
  return Object.entries(before).flatMap(([column, value]) => {
    const expected = erased.includes(String(value)) ? null : value;
    const [was, is] = [JSON.stringify(expected), JSON.stringify(after[column])];
    return was === is ? [] : [`${column} was ${was}, and is ${is}`];
  });
}
