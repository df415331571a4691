import pg from 'pg';

/** A database and the one role that owns it and may connect to it. */
export interface ServiceDatabase {
  readonly database: string;
  readonly role: string;
  readonly password: string;
}

/**
 * Makes the databases and roles that are missing, sets the passwords, and takes the right to connect away from everybody else;
 * may be called at each start.
 *
 * @param adminUrl - A superuser's URL, for any database.
 */
export async function ensureDatabases(adminUrl: string, databases: readonly ServiceDatabase[]): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    // By default every role may connect to every database, these two included.
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
