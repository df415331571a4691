import { existsSync } from 'node:fs';
import path from 'node:path';
import { migrate } from '@shop/migrations';
import { startPostgres, type PostgresServer } from '@shop/stack';
import pg from 'pg';
import { temporaryDirectory } from '../temporary-directory.ts';

/** A database that was made for one test file. */
export interface NewDatabase {
  readonly name: string;
  readonly url: string;
}

/** Databases on one PostgreSQL server, which starts with the first of them. */
export interface Databases {
  /** Creates a database with the migrations of `prisma/<schema>`, or an empty one when `schema` is `empty`. */
  create(schema: string): Promise<NewDatabase>;
  drop(name: string): Promise<void>;
  stop(): Promise<void>;
}

interface Server {
  readonly postgres: PostgresServer;
  readonly admin: pg.Pool;
  stop(): Promise<void>;
}

/** The time for closed connections to end, in milliseconds. Connections that are still open then are a test's own fault. */
const closingMs = 2_000;

/**
 * Migrations run once for each schema, into a template; each database is a copy of its template, which takes milliseconds.
 */
export function createDatabases({ root }: { root: string }): Databases {
  let server: Promise<Server> | undefined;
  const templates = new Map<string, Promise<string>>();
  let count = 0;

  async function findTemplate(schema: string): Promise<string> {
    const known = templates.get(schema);
    if (known !== undefined) return known;
    const made = makeTemplate(schema);
    templates.set(schema, made);
    return made;
  }

  async function makeTemplate(schema: string): Promise<string> {
    if (schema === 'empty') return 'template0';
    const schemaDir = path.join(root, 'prisma', schema);
    if (!existsSync(schemaDir)) throw new Error(`There is no ${schemaDir}. Name a directory of prisma/, or "empty".`);
    const { postgres, admin } = await (server ??= startServer());
    const name = `template_${schema}`;
    await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
    await migrate({ schemaDir, databaseUrl: postgres.url(name) });
    return name;
  }

  return {
    async create(schema) {
      const template = await findTemplate(schema);
      const { postgres, admin } = await (server ??= startServer());
      const name = `${schema}_${(count += 1)}`;
      await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(template)}`);
      return { name, url: postgres.url(name) };
    },
    async drop(name) {
      const { admin } = await (server ??= startServer());
      await untilUnused(admin, name);
      await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    },
    stop: async () => (await server)?.stop(),
  };
}

/**
 * Waits for the connections that a test has just closed: `pool.end()` resolves before the server knows. A connection that the server ends
 * while its client closes it fails the test, because nobody listens for its errors any more.
 */
async function untilUnused(admin: pg.Pool, database: string): Promise<void> {
  const until = performance.now() + closingMs;
  while (performance.now() < until) {
    const { rowCount } = await admin.query('SELECT FROM pg_stat_activity WHERE datname = $1', [database]);
    if (rowCount === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function startServer(): Promise<Server> {
  const directory = await temporaryDirectory();
  try {
    const postgres = await startPostgres({
      dataDir: path.join(directory.path, 'postgres'),
      fsync: false,
      maxConnections: 400,
    });
    const admin = new pg.Pool({ connectionString: postgres.url(), max: 2 });
    admin.on('error', () => {}); // the server ends idle connections when it stops
    return {
      postgres,
      admin,
      stop: async () => {
        await admin.end();
        await postgres.stop();
        await directory.remove();
      },
    };
  } catch (error) {
    await directory.remove();
    throw error;
  }
}
