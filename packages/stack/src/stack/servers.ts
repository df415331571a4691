import type { RestartPauses, Supervised } from '../process/supervise.ts';
import type { Report } from '@shop/process';
import { createBroker, findBroker } from './broker.ts';
import { createDatabaseServer } from './database.ts';
import { migrateAll } from './migrate-all.ts';
import type { Prepared } from './prepare.ts';
import type { Progress } from './progress.ts';
import type { StopOrder } from './stop-order.ts';
import { formatVersion } from '../nats/version.ts';

/** What the starting of a part needs. */
export interface Assembly {
  readonly root: string;
  readonly prepared: Prepared;
  readonly stopOrder: StopOrder;
  readonly progress: Progress;
  readonly report: Report;
  readonly restarts?: RestartPauses | undefined;
}

/** Starts PostgreSQL, unless yours is used, and brings the databases up to date. */
export async function startDatabase({
  root,
  prepared,
  stopOrder,
  progress,
  report,
  restarts,
}: Assembly): Promise<Supervised | null> {
  const { dataDir, ports, secrets } = prepared;
  const server = prepared.embedded.postgres
    ? createDatabaseServer({ dataDir, port: ports.postgres, secrets, report, restarts })
    : null;
  if (server !== null) {
    stopOrder.add('database', server.stop);
    await progress.step('postgres', server.start(), () => `ready on 127.0.0.1:${ports.postgres}`);
  }
  await progress.step('migrations', migrateAll(root, prepared.databaseUrl), (text) => text);
  return server;
}

/** Starts NATS, unless yours is used. */
export async function startBroker({
  prepared,
  stopOrder,
  progress,
  report,
  restarts,
}: Assembly): Promise<Supervised | null> {
  if (!prepared.embedded.nats) return null;
  const { dataDir, ports, secrets } = prepared;
  const start = async (): Promise<{ server: Supervised; version: string }> => {
    const binary = await findBroker(report);
    const server = createBroker({
      binary,
      dataDir,
      port: ports.nats,
      passwords: secrets.natsPasswords,
      report,
      restarts,
    });
    stopOrder.add('broker', server.stop);
    await server.start();
    return { server, version: formatVersion(binary.version) };
  };
  return (
    await progress.step('nats', start(), ({ version }) => `ready on 127.0.0.1:${ports.nats} (nats-server ${version})`)
  ).server;
}
