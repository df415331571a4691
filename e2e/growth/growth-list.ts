import { readdirSync, readFileSync } from 'node:fs';
import { serviceNames } from '@shop/contracts';

/** A row of the table in docs/operations/growth.md. */
export interface ListedTable {
  /** For example `order.outbox`. */
  readonly name: string;
  /** Rows that a thousand orders add; 0 for a table that does not grow with orders. */
  readonly rowsPerThousand: number;
  /** The job, the archive or the reason that bounds the table. */
  readonly bound: string;
}

const page = 'docs/operations/growth.md';
const rowPattern = /^\| `([a-z]+\.\w+)` +\| +([\d,]+) \| (.*?) +\|$/gm;

/**
 * Reads the documented list of tables.
 *
 * @throws Error when a table is listed twice, or without what bounds it.
 */
export function readGrowthList(text = readFileSync(page, 'utf8')): ListedTable[] {
  const tables = [...text.matchAll(rowPattern)].map(([, name = '', rows = '', bound = '']) => ({
    name,
    rowsPerThousand: Number(rows.replaceAll(',', '')),
    bound: bound.trim(),
  }));
  const names = tables.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`${page} lists ${twice.join(', ')} twice.`);
  const unbounded = tables.filter(({ bound }) => bound === '').map(({ name }) => name);
  if (unbounded.length > 0) throw new Error(`${page} does not say what bounds ${unbounded.join(', ')}.`);
  return tables;
}

/** The tables of all Prisma schemas. */
export function readSchemaTables(): string[] {
  return serviceNames.flatMap((service) => {
    const folder = `prisma/${service}`;
    const schemas = readdirSync(folder).filter((file) => file.endsWith('.prisma'));
    const text = schemas.map((file) => readFileSync(`${folder}/${file}`, 'utf8')).join('\n');
    const models = text.match(/^model \w+ \{$/gm) ?? [];
    const tables = [...text.matchAll(/^ +@@map\("(\w+)"\)$/gm)].map(([, table = '']) => `${service}.${table}`);
    if (models.length !== tables.length)
      throw new Error(`A model of ${folder} has no @@map with the name of its table.`);
    return tables;
  });
}

/** The rows of each table at one moment. */
export type RowCounts = ReadonlyMap<string, number>;

/** A figure may differ from the list by this part, or by so many rows per thousand orders, whichever is more. */
const TOLERANCE = { part: 0.25, rows: 30 };

/**
 * Compares the growth of all tables with the list.
 *
 * @returns a line for each table that the list lacks, that does not exist, or that grows otherwise than the list says.
 */
export function findUnexpectedGrowth(
  list: readonly ListedTable[],
  before: RowCounts,
  after: RowCounts,
  orders: number,
): string[] {
  const listed = new Map(list.map((table) => [table.name, table]));
  const errors = list.filter(({ name }) => !after.has(name)).map(({ name }) => `${name} is listed, and does not exist`);
  for (const [name, rows] of after) {
    const growth = Math.round(((rows - (before.get(name) ?? 0)) * 1_000) / orders);
    const expected = listed.get(name)?.rowsPerThousand;
    if (expected === undefined) errors.push(`${name} is not listed: it grows by ${growth} rows per thousand orders`);
    else if (
      expected === 0 ? growth > 0 : Math.abs(growth - expected) > Math.max(TOLERANCE.rows, expected * TOLERANCE.part)
    )
      errors.push(`${name} grows by ${growth} rows per thousand orders, and ${expected} are listed`);
  }
  return errors.sort();
}
