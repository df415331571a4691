import { toSnakeCase } from './select-columns.ts';
import { type RawSqlClient, sqlOver } from './sql.ts';

/** A table of Prisma's model, with the column of each field. */
export interface RowTable {
  readonly name: string;
  readonly columns: readonly (readonly [field: string, column: string])[];
}

/**
 * Describes a table. A column is the field's name in snake_case, as in all our schemas.
 *
 * @param fields the enum `<Model>ScalarFieldEnum` of the generated client
 */
export function rowTable(name: string, fields: Readonly<Record<string, string>>): RowTable {
  return { name, columns: Object.values(fields).map((field) => [field, toSnakeCase(field)]) };
}

/**
 * Inserts rows with one statement. Prisma's `createMany` does the same, and goes through each value several times: writing a hundred
 * rows and their history took a process three times as long with it.
 *
 * @param rows have each field of the table, or null is written: defaults of columns do not count
 */
export async function insertRows<Row extends object>(
  client: RawSqlClient,
  table: RowTable,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const { name } = table;
  const columns = table.columns.map(([, column]) => column).join(', ');
  await sqlOver(client).query(
    `INSERT INTO ${name} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb)`,
    [toJson(table, rows)],
  );
}

/**
 * Writes fields of rows that exist, with one statement. Their key is `id`.
 *
 * @param written the fields that are written
 */
export async function updateRows<Row extends { readonly id: string }>(
  client: RawSqlClient,
  table: RowTable,
  rows: readonly Row[],
  written: readonly (keyof Row & string)[],
): Promise<void> {
  if (rows.length === 0) return;
  const { name } = table;
  const changes = written.map(toSnakeCase).map((column) => `${column} = new.${column}`);
  await sqlOver(client).query(
    `UPDATE ${name} AS old SET ${changes.join(', ')} FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb) AS new WHERE old.id = new.id`,
    [toJson(table, rows)],
  );
}

/** JSON with the names of the columns. */
function toJson({ columns }: RowTable, rows: readonly object[]): string {
  return JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(columns.map(([field, column]) => [column, (row as Readonly<Record<string, unknown>>)[field]])),
    ),
  );
}
