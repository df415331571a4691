import { join } from 'node:path';
import { topology } from '@shop/contracts';
import { natsSourceOptions } from '../nats/config.ts';
import { findNatsServer, natsSources } from '../nats/find-server.ts';
import { startNats } from '../nats/start.ts';
import { natsUsers, OPERATOR, servicesOf } from '../nats/users.ts';
import type { NatsBinary } from '../nats/version.ts';
import { type RestartPauses, type Spawned, supervise, type Supervised } from '../process/supervise.ts';
import type { Report } from '@shop/process';

/** Everybody who has an account at the broker: the services of the topology, and operators. */
export const brokerUsers: readonly string[] = [...servicesOf(topology), OPERATOR];

/** Finds the server's program as the environment says, downloading it if it must. */
export function findBroker(report: Report): Promise<NatsBinary> {
  return findNatsServer(natsSources(natsSourceOptions()), (line) => report(`nats: ${line}`));
}

/** The embedded broker under supervision, not started yet. */
export function createBroker(options: {
  binary: NatsBinary;
  dataDir: string;
  port: number;
  passwords: Readonly<Record<string, string>>;
  report: Report;
  restarts?: RestartPauses | undefined;
}): Supervised {
  const { binary, dataDir, port, passwords, report } = options;
  const launch = (onSpawned: (spawned: Spawned) => void) =>
    startNats({
      dataDir: join(dataDir, 'nats'),
      logFile: join(dataDir, 'logs', 'nats.log'),
      port,
      users: natsUsers(topology, (user) => passwords[user] ?? ''),
      binary,
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
