import pg from 'pg';

/** Reads of one database as it was at one moment, whatever is written meanwhile. */
export interface Snapshot {
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** The two databases that are compared with each other. */
export interface TwoDatabases {
  readonly product: Snapshot;
  readonly order: Snapshot;
}

/** Opens a snapshot for as long as `work` takes. Nothing can be written through it, and nobody waits for it. */
export async function withSnapshot<Result>(
  databaseUrl: string,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // a query that is under way fails with it
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await work({
      query: async <Row>(text: string, values: readonly unknown[] = []) =>
        (await client.query(text, [...values])).rows as Row[],
    });
  } finally {
    await client.end();
  }
}
