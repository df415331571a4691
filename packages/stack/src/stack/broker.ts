import { join } from 'node:path';
import { topology } from '@shop/contracts';
import { brokerStorageBytes } from '@shop/messaging';
import type { Report } from '@shop/process';
import { readNatsSources } from '../config.ts';
import { findNatsServer, natsSources } from '../nats/find-server.ts';
import { startNats } from '../nats/start.ts';
import { listServices, natsUsers, OPERATOR } from '../nats/users.ts';
import { formatVersion, type NatsBinary } from '../nats/version.ts';
import { type RestartPauses, type Spawned, supervise, type Supervised } from '../process/supervise.ts';
import { type Assembly, reportStep } from './assembly.ts';

/** The users of the broker: the services of the topology, and the operator. */
export const brokerUsers: readonly string[] = [...listServices(topology), OPERATOR];

/** Starts NATS, unless `NATS_URL` names a running server. */
export async function startBroker({ prepared, stopOrder, report, restarts }: Assembly): Promise<Supervised | null> {
  if (!prepared.embedded.nats) return null;
  const { dataDir, ports, secrets } = prepared;
  const start = async (): Promise<{ server: Supervised; version: string }> => {
    const binary = await findNatsServer(natsSources(readNatsSources()), (line) => report(`nats: ${line}`));
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
  const { server } = await reportStep(
    report,
    'nats',
    start(),
    ({ version }) => `ready on 127.0.0.1:${ports.nats}, version ${version}`,
  );
  return server;
}

/** The embedded broker under supervision, not started yet. */
function createBroker(options: {
  binary: NatsBinary;
  dataDir: string;
  port: number;
  passwords: Readonly<Record<string, string>>;
  report: Report;
  restarts: RestartPauses | undefined;
}): Supervised {
  const { binary, dataDir, port, passwords, report } = options;
  const launch = (onSpawned: (spawned: Spawned) => void) =>
    startNats({
      dataDir: join(dataDir, 'nats'),
      logFile: join(dataDir, 'logs', 'nats.log'),
      port,
      users: natsUsers(topology, (user) => passwords[user] ?? ''),
      binary,
      maxFileStore: brokerStorageBytes(topology),
      onSpawned,
    });
  return supervise({
    ...options.restarts,
    name: 'nats',
    launch,
    report,
    onRestarted: () => report('nats is ready again'),
  });
}
