import pg from 'pg';

/** A database and its owner, the only role that may connect to it. */
export interface ServiceDatabase {
  readonly database: string;
  readonly role: string;
  readonly password: string;
}

/**
 * Creates the missing databases and roles, sets the passwords, and lets no other role connect. Call it at each start: a new service
 * then gets its database in an existing data directory.
 *
 * @param adminUrl - URL of a superuser, for any database.
 */
export async function ensureDatabases(adminUrl: string, databases: readonly ServiceDatabase[]): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    // By default every role may connect to every database, also to these two.
    await client.query('REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC');
    for (const database of databases) await ensureDatabase(client, database);
  } finally {
    await client.end();
  }
}

async function ensureDatabase(client: pg.Client, { database, role, password }: ServiceDatabase): Promise<void> {
  const [roleName, databaseName] = [pg.escapeIdentifier(role), pg.escapeIdentifier(database)];
  const exists = async (sql: string, name: string): Promise<boolean> =>
    (await client.query(sql, [name])).rowCount !== 0;
  if (!(await exists('SELECT 1 FROM pg_roles WHERE rolname = $1', role))) await client.query(`CREATE ROLE ${roleName}`);
  await client.query(
    `ALTER ROLE ${roleName} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD ${pg.escapeLiteral(password)}`,
  );
  if (!(await exists('SELECT 1 FROM pg_database WHERE datname = $1', database))) {
    await client.query(`CREATE DATABASE ${databaseName} OWNER ${roleName}`);
  }
  await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${databaseName} FROM PUBLIC`);
}
