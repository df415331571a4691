import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ExpectedError } from '@shop/process';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { DatabaseSnapshot } from './snapshot.ts';

/**
 * The rows of a snapshot as a script: a `COPY` for each table, then the sequences. It has no tables, since the migrations make them.
 *
 * @param migrationsDir the migrations of the subgraph
 * @throws ExpectedError before the first byte when a table is in no migration: it could not be restored.
 */
export async function* writeCopyScript(snapshot: DatabaseSnapshot, migrationsDir: string): AsyncGenerator<Buffer> {
  const { client, tables, target } = snapshot;
  await requireMigrated(snapshot, migrationsDir);
  yield Buffer.from(`-- The rows of the database of ${target.name}. Its migrations make the tables.\n`);
  yield Buffer.from(await writePartitions(client));
  for (const { name, columns } of tables) {
    const [table, list] = [pg.escapeIdentifier(name), columns.map((column) => pg.escapeIdentifier(column)).join(', ')];
    yield Buffer.from(`COPY ${table} (${list}) FROM stdin;\n`);
    // Also reads a table with partitions, which COPY alone rejects.
    yield* client.query(copyTo(`COPY (SELECT ${list} FROM ${table}) TO STDOUT`)) as AsyncIterable<Buffer>;
    yield Buffer.from('\\.\n');
  }
  yield Buffer.from(`${await writeSequences(client)}-- The end of the rows of ${target.name}.\n`);
}

/** Partitions that no migration makes, such as one for each month. Their indexes and constraints come from the parent. */
async function writePartitions(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ statement: string }>(
    `SELECT format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I %s;', child.relname, parent.relname,
                   pg_get_expr(child.relpartbound, child.oid)) AS statement
       FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid JOIN pg_class AS parent ON parent.oid = inhparent
      WHERE child.relispartition AND child.relkind = 'r' AND child.relnamespace = current_schema()::regnamespace
      ORDER BY child.relname`,
  );
  return rows.map(({ statement }) => `${statement}\n`).join('');
}

/** A sequence is not part of a snapshot: its value is that of now, which no row has passed. */
async function writeSequences(client: pg.Client): Promise<string> {
  const { rows: sequences } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'S' ORDER BY relname`,
  );
  let text = '';
  for (const { name } of sequences) {
    const { rows } = await client.query<{ last: string; called: boolean }>(
      `SELECT last_value::text AS last, is_called AS called FROM ${pg.escapeIdentifier(name)}`,
    );
    const quoted = pg.escapeLiteral(pg.escapeIdentifier(name));
    for (const { last, called } of rows) text += `SELECT setval(${quoted}, ${last}, ${called});\n`;
  }
  return text;
}

async function requireMigrated({ tables, target }: DatabaseSnapshot, migrationsDir: string): Promise<void> {
  const names = (await readdir(migrationsDir, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const scripts = await Promise.all(
    names.map(({ name }) => readFile(path.join(migrationsDir, name, 'migration.sql'), 'utf8')),
  );
  const sql = scripts.join('\n');
  const stray = tables.find(({ name }) => name !== '_prisma_migrations' && !new RegExp(`\\b${name}\\b`).test(sql));
  if (stray !== undefined)
    throw new ExpectedError(
      `The table ${stray.name} of ${target.name} is in no migration, and only pg_dump can back it up. ` +
        'Install the pg_dump of the server’s version, or move the table to another schema.',
    );
}
