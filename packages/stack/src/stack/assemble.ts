import { seedEnvironment, serviceEnvironment, urlAt } from './environment.ts';
import { prepare } from './prepare.ts';
import { createProgress } from './progress.ts';
import { runSeed } from './seed.ts';
import { type Assembly, startBroker, startDatabase } from './servers.ts';
import { createService, type ServiceWithLog } from './service.ts';
import type { StopOrder } from './stop-order.ts';
import { SERVICES, type ServiceName, type Stack, type StackOptions, SUBGRAPHS } from './types.ts';

/** Puts the stack together. Every part is registered with `stopOrder` before it is started. */
export async function assembleStack(options: StackOptions, stopOrder: StopOrder): Promise<Stack> {
  const { root = process.cwd(), report = () => {} } = options;
  const prepared = await prepare(options, root, stopOrder);
  const assembly: Assembly = {
    root,
    prepared,
    stopOrder,
    report,
    progress: createProgress(report),
    restarts: options.restarts,
  };
  let isStarting = true;
  const services = createServices(assembly, () => isStarting);

  // The gateway starts, and answers what it can, while the subgraphs are not there.
  const gateway = startService(services.gateway, 'gateway', assembly);
  gateway.catch(() => {}); // it is awaited below, unless something else fails first
  const [postgres, nats] = await Promise.all([startDatabase(assembly), startBroker(assembly)]);
  const seeds = (['user', 'product'] as const).map((name) =>
    runSeed(name, { root, logDir: prepared.logDir, env: seedEnvironment(name, prepared), stopOrder }),
  );
  await Promise.all([
    ...SUBGRAPHS.map((name) => startService(services[name], name, assembly)),
    assembly.progress.step('first data', Promise.all(seeds), () =>
      prepared.seed === 'demo' ? 'administrator and demo are there' : 'administrator is there',
    ),
    gateway,
  ]);
  isStarting = false;
  await prepared.accounts.announce(report);

  const { ports, dataDir, secrets, accounts } = prepared;
  return {
    ports,
    dataDir,
    secrets,
    nats,
    postgres,
    graphqlUrl: `${services.gateway.url}/graphql`,
    admin: { email: accounts.adminEmail, password: accounts.adminPassword },
    service: (name) => services[name],
    databaseUrl: prepared.databaseUrl,
    natsUrl: prepared.natsUrl,
    stop: () => stopOrder.stop(),
  };
}

type Services = Readonly<Record<ServiceName, ServiceWithLog>>;

function createServices({ root, prepared, report, restarts }: Assembly, isStackStarting: () => boolean): Services {
  const { host, ports, logDir } = prepared;
  const entries = SERVICES.map((name) => {
    const env = serviceEnvironment(name, prepared);
    return [
      name,
      createService({ name, root, logDir, env, url: urlAt(host, ports[name]), report, restarts, isStackStarting }),
    ] as const;
  });
  return Object.fromEntries(entries) as Services;
}

async function startService(
  service: ServiceWithLog,
  name: ServiceName,
  { stopOrder, progress }: Assembly,
): Promise<void> {
  stopOrder.add(name === 'gateway' ? 'gateway' : 'subgraphs', () => service.stop().finally(service.close));
  await progress.step(name, service.startUntilReady(60_000), () => `ready on ${service.url}`);
}
