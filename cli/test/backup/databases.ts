import { randomUUID } from 'node:crypto';
import { nameVariables, type ServiceName, serviceNames } from '@shop/contracts';
import { createRowBuilder, startTestDatabase } from '@shop/testing';
import pg from 'pg';

/** A database for each subgraph, by name. */
export interface Databases {
  readonly urls: Readonly<Record<ServiceName, string>>;
  /** The variables that name them to a command. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

export const listUrls = (urls: Readonly<Record<ServiceName, string>>): NodeJS.ProcessEnv =>
  Object.fromEntries(serviceNames.map((name) => [nameVariables(name).databaseUrl, urls[name]]));

/** Databases on the server of the test run: migrated, or without tables. */
export async function startDatabases(schema: 'migrated' | 'empty' = 'migrated'): Promise<Databases> {
  const started = await Promise.all(
    serviceNames.map(async (name) => [name, await startTestDatabase(schema === 'empty' ? 'empty' : name)] as const),
  );
  const urls = Object.fromEntries(started.map(([name, { url }]) => [name, url])) as Record<ServiceName, string>;
  return {
    urls,
    env: listUrls(urls),
    stop: async () => void (await Promise.all(started.map(([, database]) => database.stop()))),
  };
}

export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Text with every character that COPY must escape, and a line that looks like the end of its data. */
export const awkwardText = 'a\tb\nc\r\n\\.\n\\N \\ "quoted" \u{1F600} ünïcödé';

/** Adds rows to the databases of a system: of each kind of column, with foreign keys, sequences and rows that depend on triggers. */
export async function addRows(urls: Readonly<Record<ServiceName, string>>, count = 3): Promise<void> {
  for (const name of serviceNames) {
    const client = new pg.Client({ connectionString: urls[name] });
    await client.connect();
    const rows = await createRowBuilder(client);
    for (let index = 0; index < count; index += 1)
      await rows.insert('outbox', {
        type: `test.${name}.v1`,
        aggregate_id: awkwardText,
        payload: { index, awkwardText },
      });
    if (name === 'product')
      await rows.insert('products', { name: 'Teapot', description: awkwardText, sku: randomUUID() });
    if (name === 'order') {
      const { id } = await rows.insert<{ id: string }>('orders', { status: 'PENDING', status_reason: awkwardText });
      await rows.insert('order_items', { order_id: id });
      await rows.insert('order_events', { order_id: id, reason: null });
    }
    await client.end();
  }
}

/** The contents of a database: its tables with a hash of their rows, its definitions, and the values of its sequences. */
export async function describeContents(url: string): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname`,
    );
    const hashes = tables.rows.map(
      ({ name }) =>
        `SELECT '${name}' AS name, count(*)::int AS rows,
                md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS hash FROM "${name}" AS t`,
    );
    const [rows, definitions, sequences] = [
      await client.query(hashes.join(' UNION ALL ')),
      await client.query(DEFINITIONS),
      await client.query(`SELECT sequencename, last_value FROM pg_sequences ORDER BY 1`),
    ];
    return { rows: rows.rows, definitions: definitions.rows, sequences: sequences.rows };
  } finally {
    await client.end();
  }
}

const DEFINITIONS = `
  SELECT pg_get_constraintdef(oid) AS line FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT pg_get_triggerdef(t.oid) || t.tgenabled::text FROM pg_trigger AS t WHERE NOT tgisinternal
  UNION ALL SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT table_name || column_name || data_type || is_nullable || coalesce(column_default, '')
      || coalesce(generation_expression, '')
    FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL SELECT typname || enumlabel FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid
  UNION ALL SELECT relname || coalesce(reloptions::text, '') FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 't'
  ORDER BY 1`;
