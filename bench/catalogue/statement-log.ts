import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually, type TestStack } from '@shop/testing';
import pg from 'pg';

/** The statements of the messaging loops, which run at intervals. They are not part of a request. */
const IN_THE_BACKGROUND = /\b(outbox|inbox|dead_letters|LISTEN|throttles)\b/i;
const LINE = /^\S+ \S+ \S+ \[\d+\] shop_(\w+)@\S+ LOG: {2}(?:statement|execute [^:]+): (.*)$/;

export interface StatementLog {
  /** The statements that the subgraphs sent since the previous call of this function. */
  take(): Promise<string[]>;
  /** Stops the logging. */
  stop(): Promise<void>;
}

/** Makes the system's own PostgreSQL log each statement, and reads the log. The count is exact for every sender. */
export async function startStatementLog({ stack }: TestStack): Promise<StatementLog> {
  const file = path.join(stack.dataDir, 'logs', 'postgres.log');
  const password = stack.secrets.databasePasswords.postgres;
  const client = new pg.Client({
    host: '127.0.0.1',
    port: stack.ports.postgres,
    user: 'postgres',
    password,
    database: 'postgres',
  });
  await client.connect();
  let offset = 0;
  let marks = 0;

  const set = async (value: 'all' | 'none'): Promise<void> => {
    await client.query(`ALTER SYSTEM SET log_statement = '${value}'`);
    await client.query('SELECT pg_reload_conf()');
  };

  const take = async (): Promise<string[]> => {
    // PostgreSQL writes the statements of answered requests before this mark.
    const mark = `bench-mark-${(marks += 1)}-`;
    await client.query(`SELECT '${mark}'`);
    const text = await eventually(async () => {
      const written = (await readFile(file)).subarray(offset).toString('utf8');
      if (!written.includes(mark)) throw new Error('PostgreSQL has not logged the mark.');
      return written;
    });
    offset += Buffer.byteLength(text);
    return text
      .replaceAll('\n\t', ' ')
      .split('\n')
      .map((line) => LINE.exec(line)?.[2])
      .filter((statement) => statement !== undefined)
      .filter((statement) => !IN_THE_BACKGROUND.test(statement));
  };

  await set('all');
  // A session applies the new setting with its next command.
  await eventually(async () => {
    await client.query(`SELECT 'bench-start'`);
    if (!(await readFile(file, 'utf8')).includes('bench-start')) throw new Error('PostgreSQL does not log statements.');
  });
  return {
    take,
    stop: async () => {
      await set('none');
      await client.end();
    },
  };
}
