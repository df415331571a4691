import { join } from 'node:path';
import { type ServiceName, serviceNames } from '@shop/contracts';
import { migrate } from '@shop/migrations';
import type { Report } from '@shop/process';
import { type RestartPauses, supervise, type Supervised } from '../process/supervise.ts';
import { type Assembly, reportStep } from './assembly.ts';
import { launchDatabases } from './embedded-databases.ts';
import type { Secrets } from './secrets.ts';

/** Starts PostgreSQL, unless all databases are given, and applies the migrations. */
export async function startDatabase({
  root,
  prepared,
  stopOrder,
  report,
  restarts,
}: Assembly): Promise<Supervised | null> {
  const { dataDir, ports, secrets, embedded } = prepared;
  const server = embedded.postgres
    ? createDatabaseServer({ dataDir, port: ports.postgres, secrets, report, restarts })
    : null;
  if (server !== null) {
    stopOrder.add('database', server.stop);
    await reportStep(report, 'postgres', server.start(), () => `ready on 127.0.0.1:${ports.postgres}`);
  }
  await reportStep(
    report,
    'migrations',
    migrateAll(root, (name) => prepared.databaseDirectUrls[name] ?? prepared.databaseUrl(name)),
    (text) => text,
  );
  return server;
}

/**
 * Applies the migrations of all services, at the same time.
 *
 * @param root - The project's root, with `prisma/<name>`.
 * @returns a text for the terminal: `up to date`, or the number of migrations that each service got.
 * @throws ExpectedError naming the service whose migration failed or whose database cannot be reached.
 */
async function migrateAll(root: string, databaseUrl: (name: ServiceName) => string): Promise<string> {
  const applied = await Promise.all(
    serviceNames.map(async (name) => {
      const names = await migrate({ schemaDir: join(root, 'prisma', name), databaseUrl: databaseUrl(name) });
      return names.length === 0 ? [] : [`${name} ${names.length}`];
    }),
  );
  const texts = applied.flat();
  return texts.length === 0 ? 'up to date' : `applied: ${texts.join(', ')}`;
}

/** The embedded PostgreSQL under supervision, not started yet. Each start creates the databases and roles that are missing. */
function createDatabaseServer(options: {
  dataDir: string;
  port: number;
  secrets: Secrets;
  report: Report;
  restarts: RestartPauses | undefined;
}): Supervised {
  const { dataDir, port, secrets, report } = options;
  return supervise({
    ...options.restarts,
    name: 'postgres',
    launch: (onSpawned) => launchDatabases({ dataDir, port, secrets, report, onSpawned }),
    report,
    onRestarted: () => report('postgres is ready again'),
  });
}
