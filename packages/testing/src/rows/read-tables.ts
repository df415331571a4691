/** A connection that runs SQL: a client or pool of `pg`, or an `Sql` of a subgraph. */
export interface Connection {
  query(text: string, values?: readonly never[]): Promise<unknown>;
}

export interface Column {
  readonly name: string;
  /** As PostgreSQL writes it: `uuid`, `character(3)`, `"OrderStatus"`. */
  readonly type: string;
  /** True for NOT NULL without a default: an INSERT must name it. */
  readonly isRequired: boolean;
  /** The first value of an enum. */
  readonly firstLabel: string | null;
  /** The table and column that a foreign key of this column alone refers to. */
  readonly referredTable: string | null;
  readonly referredColumn: string | null;
}

export type Tables = ReadonlyMap<string, readonly Column[]>;

const COLUMNS = `
  SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS "isRequired",
    (SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = a.atttypid ORDER BY e.enumsortorder LIMIT 1)::text AS "firstLabel",
    f.relname::text AS "referredTable", fa.attname::text AS "referredColumn"
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum]
  LEFT JOIN pg_class f ON f.oid = k.confrelid
  LEFT JOIN pg_attribute fa ON fa.attrelid = k.confrelid AND fa.attnum = k.confkey[1]
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
  ORDER BY c.relname, a.attnum`;

/** Reads the columns of all tables from the database's catalogue. */
export async function readTables(connection: Connection): Promise<Tables> {
  const tables = new Map<string, Column[]>();
  for (const { table, ...column } of readRows<Column & { table: string }>(await connection.query(COLUMNS)))
    tables.set(table, [...(tables.get(table) ?? []), column]);
  return tables;
}

/** `pg` answers with an object that has the rows, an `Sql` with the rows themselves. */
export function readRows<Row>(answer: unknown): readonly Row[] {
  return (Array.isArray(answer) ? answer : (answer as { rows: unknown[] }).rows) as Row[];
}
