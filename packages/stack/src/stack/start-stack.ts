import { type ServiceName, serviceNames, services } from '@shop/contracts';
import { ExpectedError } from '@shop/process';
import { type Assembly, reportStep } from './assembly.ts';
import { startBroker } from './broker.ts';
import { startDatabase } from './database.ts';
import { seedEnvironment } from './environment.ts';
import { prepare } from './prepare.ts';
import { createProcesses, type Processes } from './processes.ts';
import { runSeed } from './seed.ts';
import { createStopOrder, type StopOrder } from './stop-order.ts';
import type { Stack, StackOptions } from './types.ts';

/**
 * Starts the whole system as `npm start` does: PostgreSQL and NATS unless running servers are given, migrations, first data, the
 * subgraphs and the gateway. Each is a process of its own and is started again when it dies. Returns when all of them are ready.
 *
 * Needs the built programs in `<root>/dist`.
 *
 * @throws ExpectedError that says what to do. Then nothing is left running. The same happens when `signal` is aborted.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const stopOrder = createStopOrder();
  try {
    return await Promise.race([assembleStack(options, stopOrder), rejectOnAbort(options.signal)]);
  } catch (error) {
    await stopOrder.stop();
    throw error;
  }
}

function rejectOnAbort(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => reject(new ExpectedError('The start was interrupted.'));
    if (signal?.aborted) end();
    signal?.addEventListener('abort', end, { once: true });
  });
}

/** Starts the parts of the stack. Every part is registered with `stopOrder` before it is started. */
async function assembleStack(options: StackOptions, stopOrder: StopOrder): Promise<Stack> {
  const { root = process.cwd(), report = () => {}, restarts, inspect = false } = options;
  const prepared = await prepare(options, root, stopOrder);
  const assembly: Assembly = { root, prepared, stopOrder, report, restarts, inspect };
  let isStarting = true;
  const processes = createProcesses(assembly, () => isStarting);

  // The gateway starts without the subgraphs, and answers what it can.
  const [{ postgres, nats }] = await Promise.all([
    startServersAndSubgraphs(processes, assembly),
    processes.start('gateway'),
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
    graphqlUrl: `${processes.first('gateway').url}/graphql`,
    admin: { email: accounts.adminEmail, password: accounts.adminPassword },
    service: (name) => processes.first(name),
    startReplica: (name, options) => processes.startReplica(name, options),
    replicas: (name) => processes.all(name),
    databaseUrl: prepared.databaseUrl,
    natsUrl: prepared.natsUrl,
    stop: () => stopOrder.stop(),
  };
}

async function startServersAndSubgraphs(
  processes: Processes,
  assembly: Assembly,
): Promise<Pick<Stack, 'postgres' | 'nats'>> {
  const [postgres, nats] = await Promise.all([startDatabase(assembly), startBroker(assembly)]);
  await Promise.all([
    ...serviceNames.map((name) => processes.start(name)),
    seedDatabases(
      serviceNames.filter((name) => services[name].hasSeed),
      assembly,
    ),
  ]);
  return { postgres, nats };
}

async function seedDatabases(names: readonly ServiceName[], { root, prepared, stopOrder, report }: Assembly) {
  const { logDir, seed } = prepared;
  const work = names.map((name) => runSeed(name, { root, logDir, env: seedEnvironment(name, prepared), stopOrder }));
  await reportStep(report, 'first data', Promise.all(work), () =>
    seed === 'demo' ? 'loaded: administrator, demo' : 'loaded: administrator',
  );
}
