import { Pool } from 'pg';
import type { Logger } from '../logger.ts';

/** A small pool whose connections cannot hang for ever, neither when they are made nor in a transaction. */
export function smallPool(databaseUrl: string, name: string, logger: Logger): Pool {
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: name,
    max: 2,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    query_timeout: 120_000,
    statement_timeout: 120_000,
    idle_in_transaction_session_timeout: 120_000,
    // One that breaks just as the pool hands it on has no other listener either; the next query over it fails.
    onConnect: (client) => void client.on('error', () => {}),
  });
  // Without a listener an idle connection that breaks would end the process.
  pool.on('error', (error) => logger.debug({ err: error }, `an idle connection of ${name} broke`));
  return pool;
}
