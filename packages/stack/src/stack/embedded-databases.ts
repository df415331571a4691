import { join } from 'node:path';
import { type ServiceName, serviceNames } from '@shop/contracts';
import type { Report } from '@shop/process';
import { ensureDatabases } from '../postgres/databases.ts';
import { findSocketDirectory, type PostgresServer, startPostgres } from '../postgres/start.ts';
import { rotateIfFull } from '../process/log-file.ts';
import { freePort } from '../process/ports.ts';
import type { Spawned } from '../process/supervise.ts';
import { brokerUsers } from './broker.ts';
import { claimDataDir } from './data-dir.ts';
import { loadSecrets, type Secrets } from './secrets.ts';

/** The name of a service's database, and of the role that owns it. */
const nameDatabase = (service: ServiceName): string => `shop_${service}`;

/** The URL of a service's embedded database. */
export function embeddedDatabaseUrl(service: ServiceName, port: number, password: string): string {
  const name = nameDatabase(service);
  return `postgresql://${name}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;
}

/** The URL by which processes of this machine reach the same database: over its Unix socket, if the server has one. */
export function overSocket(databaseUrl: string, dataDir: string): string {
  const url = new URL(databaseUrl);
  const directory = findSocketDirectory(join(dataDir, 'postgres'), Number(url.port));
  if (directory !== null) url.searchParams.set('host', directory);
  return url.href;
}

/** Options of {@link launchDatabases}. */
export interface LaunchOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly secrets: Secrets;
  readonly report: Report;
  /** Called as soon as the process exists, before it is ready. */
  readonly onSpawned?: (spawned: Spawned) => void;
}

/** Starts the embedded PostgreSQL, and creates the databases and roles that are missing. */
export async function launchDatabases({
  dataDir,
  port,
  secrets,
  report,
  onSpawned,
}: LaunchOptions): Promise<PostgresServer> {
  const logFile = join(dataDir, 'logs', 'postgres.log');
  rotateIfFull(logFile);
  const server = await startPostgres({
    dataDir: join(dataDir, 'postgres'),
    logFile,
    port,
    password: secrets.databasePasswords.postgres,
    report: (line) => report(`postgres: ${line}`),
    ...(onSpawned === undefined ? {} : { onSpawned }),
  });
  const databases = serviceNames.map((service) => ({
    database: nameDatabase(service),
    role: nameDatabase(service),
    password: secrets.databasePasswords[service],
  }));
  await ensureDatabases(server.url(), databases).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return server;
}

/** The embedded databases without the rest of the stack. */
export interface EmbeddedDatabases {
  databaseUrl(name: ServiceName): string;
  stop(): Promise<void>;
}

/**
 * Starts the embedded databases of a data directory for a command, while no stack runs on it. Until they are stopped, none can start.
 *
 * @param dataDir created when it is missing, with new secrets
 * @throws ExpectedError when a stack runs on the directory, or when PostgreSQL cannot start.
 */
export async function startEmbeddedDatabases(dataDir: string, report: Report = () => {}): Promise<EmbeddedDatabases> {
  const port = await freePort();
  const claimed = await claimDataDir(dataDir, { postgresPort: port });
  try {
    const secrets = await loadSecrets(join(claimed.path, 'secrets'), brokerUsers);
    const server = await launchDatabases({ dataDir: claimed.path, port, secrets, report });
    return {
      databaseUrl: (name) => embeddedDatabaseUrl(name, port, secrets.databasePasswords[name]),
      stop: async () => {
        await server.stop();
        await claimed.release();
      },
    };
  } catch (error) {
    await claimed.release();
    throw error;
  }
}
