import { ExpectedError } from '@shop/process';
import pg from 'pg';

/**
 * Finds a table with rows. The records of migrations do not count: a database that was only migrated is empty.
 *
 * @returns its name, or undefined.
 */
export async function findFilledTable(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
      WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND relname <> '_prisma_migrations'
      ORDER BY relname`,
  );
  for (const { name } of rows) {
    const found = await client.query(`SELECT FROM ${pg.escapeIdentifier(name)} LIMIT 1`);
    if (found.rowCount !== 0) return name;
  }
  return undefined;
}

/**
 * Everything that a schema has by itself, with the statement that drops it. Extensions and what they own stay: only a superuser might be
 * able to create them again.
 */
const DROPS = `
  SELECT format('DROP %s IF EXISTS %s CASCADE', object.type, object.identity) AS statement
    FROM pg_depend AS entry, pg_identify_object(entry.classid, entry.objid, 0) AS object
   WHERE entry.refclassid = 'pg_namespace'::regclass AND entry.refobjid = current_schema()::regnamespace
     AND entry.deptype = 'n' AND entry.classid NOT IN ('pg_extension'::regclass, 'pg_default_acl'::regclass)
     AND NOT EXISTS (SELECT FROM pg_depend AS owner
                      WHERE owner.classid = entry.classid AND owner.objid = entry.objid AND owner.deptype = 'e')`;

/**
 * Drops all tables, types and functions of the current schema, within the transaction of the connection.
 *
 * @throws ExpectedError when another session uses a table.
 */
export async function emptySchema(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(DROPS);
  await client.query("SET LOCAL client_min_messages = 'warning'");
  for (const { statement } of rows) {
    await client.query(statement).catch((error: { code?: string }) => {
      if (error.code !== '55P03') throw error; // lock_not_available
      throw new ExpectedError(`A table of ${name} is in use by another session. End that session, and restore again.`);
    });
  }
}
