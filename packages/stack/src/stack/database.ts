import { join } from 'node:path';
import { ensureDatabases } from '../postgres/databases.ts';
import { startPostgres } from '../postgres/start.ts';
import { rotateIfFull } from '../process/log-file.ts';
import { type RestartPauses, type Spawned, supervise, type Supervised } from '../process/supervise.ts';
import type { Report } from '@shop/process';
import type { Secrets } from './secrets.ts';
import { SUBGRAPHS, type SubgraphName } from './types.ts';

/** A subgraph's database and its role have the same name. */
const nameOf = (subgraph: SubgraphName): string => `shop_${subgraph}`;

/** The URL by which a subgraph reaches its embedded database. */
export function embeddedDatabaseUrl(subgraph: SubgraphName, port: number, password: string): string {
  return `postgresql://${nameOf(subgraph)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${nameOf(subgraph)}`;
}

/** The embedded PostgreSQL under supervision, not started yet. When it starts, the three databases and roles are there. */
export function createDatabaseServer(options: {
  dataDir: string;
  port: number;
  secrets: Secrets;
  report: Report;
  restarts?: RestartPauses | undefined;
}): Supervised {
  const { dataDir, port, secrets, report } = options;
  const logFile = join(dataDir, 'logs', 'postgres.log');
  const launch = async (onSpawned: (spawned: Spawned) => void) => {
    rotateIfFull(logFile);
    const server = await startPostgres({
      dataDir: join(dataDir, 'postgres'),
      logFile,
      port,
      password: secrets.databasePasswords.postgres,
      report: (line) => report(`postgres: ${line}`),
      onSpawned,
    });
    const databases = SUBGRAPHS.map((subgraph) => ({
      database: nameOf(subgraph),
      role: nameOf(subgraph),
      password: secrets.databasePasswords[subgraph],
    }));
    await ensureDatabases(server.url(), databases).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    return server;
  };
  return supervise({
    ...options.restarts,
    name: 'postgres',
    launch,
    report,
    onRestarted: () => report('postgres is ready again'),
  });
}
