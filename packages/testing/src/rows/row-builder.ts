import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { defaultExpression } from './default-expression.ts';
import { readRows, readTables, type Column, type Connection, type Tables } from './read-tables.ts';

/** A value that is SQL, such as `expression('now()')`. */
export interface Expression {
  readonly sql: string;
}

/** The values that matter to a test, by column. */
export type Values = Readonly<Record<string, string | number | bigint | boolean | Date | null | object | Expression>>;

/**
 * Inserts rows for which a test names only the relevant columns. Every other column that an INSERT must name gets a
 * valid, unique value, so that a new column does not break unrelated tests. A row that a required foreign key refers to
 * is inserted first, unless the test names the key.
 */
export interface RowBuilder {
  /** Inserts a row, and returns it as the database has it. */
  insert<Row = Record<string, unknown>>(table: string, values?: Values): Promise<Row>;
  /** The statements that insert these rows, for a test that collects SQL. */
  toSql(table: string, ...rows: readonly Values[]): string;
  /**
   * The statement that inserts a row for each row of `from`, such as `generate_series(1, 1000) AS n`. The columns are SQL
   * expressions over it.
   */
  toSelectSql(table: string, columns: Readonly<Record<string, string>>, from: string): string;
}

export const expression = (sql: string): Expression => ({ sql });

const isExpression = (value: object): value is Expression =>
  typeof Reflect.get(value, 'sql') === 'string' && Object.keys(value).length === 1;

/** Reads the tables of a database, and builds rows for them. */
export async function createRowBuilder(connection: Connection): Promise<RowBuilder> {
  const tables = await readTables(connection);

  function statementsFor(table: string, values: Values): string[] {
    const columns = requireColumns(tables, table, Object.keys(values));
    const parents: string[] = [];
    const given = columns.filter(({ name }) => values[name] !== undefined);
    const missing = columns.filter(({ name, isRequired }) => isRequired && values[name] === undefined);
    const expressions = [
      ...given.map(({ name, type }) => toLiteral(values[name] as Values[string], type)),
      ...missing.map((column) => {
        if (column.referredTable === null || column.referredColumn === null) return defaultExpression(column);
        const key = column.type === 'uuid' ? randomUUID() : `${column.name}-${randomUUID()}`;
        parents.push(...statementsFor(column.referredTable, { [column.referredColumn]: key }));
        return toLiteral(key, column.type);
      }),
    ];
    const names = [...given, ...missing].map(({ name }) => pg.escapeIdentifier(name));
    return [
      ...parents,
      `INSERT INTO ${pg.escapeIdentifier(table)} (${names.join(', ')}) VALUES (${expressions.join(', ')})`,
    ];
  }

  return {
    async insert<Row>(table: string, values: Values = {}) {
      const statements = statementsFor(table, values);
      for (const statement of statements.slice(0, -1)) await connection.query(statement);
      const [row] = readRows<Row>(await connection.query(`${statements.at(-1)} RETURNING *`));
      return row as Row;
    },
    toSql: (table, ...rows) => rows.flatMap((values) => statementsFor(table, values)).join(';\n'),
    toSelectSql(table, columns, from) {
      const missing = requireColumns(tables, table, Object.keys(columns)).filter(
        ({ name, isRequired }) => isRequired && columns[name] === undefined,
      );
      const keys = missing.filter(({ referredTable }) => referredTable !== null).map(({ name }) => name);
      if (keys.length > 0) throw new Error(`Give ${keys.join(', ')}: the rows that ${table} refers to must exist.`);
      const names = [...Object.keys(columns), ...missing.map(({ name }) => name)].map(pg.escapeIdentifier);
      const expressions = [...Object.values(columns), ...missing.map(defaultExpression)];
      return `INSERT INTO ${pg.escapeIdentifier(table)} (${names.join(', ')}) SELECT ${expressions.join(', ')} FROM ${from}`;
    },
  };
}

function requireColumns(tables: Tables, table: string, names: readonly string[]): readonly Column[] {
  const columns = tables.get(table);
  if (columns === undefined) throw new Error(`There is no table "${table}". Tables: ${[...tables.keys()].join(', ')}.`);
  const unknown = names.filter((name) => !columns.some((column) => column.name === name));
  if (unknown.length > 0)
    throw new Error(
      `The table ${table} has no column ${unknown.join(', ')}. Columns: ${columns.map(({ name }) => name).join(', ')}.`,
    );
  return columns;
}

function toLiteral(value: Values[string], type: string): string {
  if (value === null) return 'NULL';
  if (value instanceof Date) return `${pg.escapeLiteral(value.toISOString())}::${type}`;
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString('hex')}'::${type}`;
  if (typeof value !== 'object') return `${pg.escapeLiteral(String(value))}::${type}`;
  if (isExpression(value)) return value.sql;
  return `${pg.escapeLiteral(JSON.stringify(value))}::${type}`;
}
