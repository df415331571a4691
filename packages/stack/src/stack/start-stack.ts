import { type ServiceName, serviceNames, services, tokenIssuer } from '@shop/contracts';
import { ExpectedError } from '@shop/process';
import { type Assembly, reportStep } from './assembly.ts';
import { startBroker } from './broker.ts';
import { startDatabase } from './database.ts';
import { seedEnvironment } from './environment.ts';
import { startMailbox } from './mailbox.ts';
import { prepare } from './prepare.ts';
import { createProcesses, type Processes } from './processes.ts';
import { runSeed } from './seed.ts';
import { createStopOrder, type StopOrder } from './stop-order.ts';
import type { Mailbox, Stack, StackOptions } from './types.ts';

/**
 * Starts the whole system as `npm start` does: PostgreSQL, NATS and a mailbox unless running servers are given, migrations, first data, the
 * subgraphs and the gateway. Each is a process of its own and is started again when it dies. Returns when all of them are ready.
 *
 * Needs the built programs in `<root>/dist`.
 *
 * @throws ExpectedError that says what to do. Then nothing is left running. The same happens when `signal` is aborted.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const stopOrder = createStopOrder();
  try {
    return await unlessAborted(options.signal, assembleStack(options, stopOrder));
  } catch (error) {
    await stopOrder.stop();
    throw error;
  }
}

/**
 * Fills a data directory as the first start of {@link startStack} does: secrets, databases, migrations and first data. Nothing runs
 * afterwards. A start on the directory, or on a copy of it, is shorter.
 *
 * Needs the built programs in `<root>/dist`.
 *
 * @throws ExpectedError as {@link startStack} does.
 */
export async function fillDataDir(options: StackOptions): Promise<void> {
  const { root = process.cwd(), report = () => {} } = options;
  const stopOrder = createStopOrder();
  try {
    const prepared = await prepare(options, root, stopOrder);
    const assembly: Assembly = { root, prepared, stopOrder, report, inspect: false };
    await startDatabase(assembly);
    await seedDatabases(assembly);
  } finally {
    await stopOrder.stop();
  }
}

async function unlessAborted<Result>(signal: AbortSignal | undefined, start: Promise<Result>): Promise<Result> {
  if (signal === undefined) return start;
  let end = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    end = () => reject(new ExpectedError('The start was interrupted.'));
  });
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    return await Promise.race([start, aborted]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Starts the parts of the stack. Every part is registered with `stopOrder` before it is started. */
async function assembleStack(options: StackOptions, stopOrder: StopOrder): Promise<Stack> {
  const { root = process.cwd(), report = () => {}, restarts, inspect = false } = options;
  const prepared = await prepare(options, root, stopOrder);
  const assembly: Assembly = { root, prepared, stopOrder, report, restarts, inspect };
  let isStarting = true;
  const processes = createProcesses(assembly, () => isStarting);

  // The gateway starts without the subgraphs, and answers what it can.
  const [{ postgres, nats, mailbox }] = await Promise.all([
    startServersAndSubgraphs(processes, assembly, () => isStarting),
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
    mailbox,
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
  isStackStarting: () => boolean,
): Promise<{ postgres: Stack['postgres']; nats: Stack['nats']; mailbox: Mailbox | null }> {
  const [postgres, nats, mailbox] = await Promise.all([
    startDatabase(assembly),
    startBroker(assembly),
    startMailbox(assembly, isStackStarting),
  ]);
  await Promise.all([...serviceNames.map((name) => processes.start(name)), seedDatabases(assembly)]);
  return { postgres, nats, mailbox };
}

async function seedDatabases({ root, prepared, stopOrder, report }: Assembly): Promise<void> {
  const { logDir, seed } = prepared;
  const work = findSeeds(seed).map((name) =>
    runSeed(name, { root, logDir, env: seedEnvironment(name, prepared), stopOrder }),
  );
  await reportStep(report, 'first data', Promise.all(work), () =>
    seed === 'demo' ? 'in the databases: administrator, demo' : 'in the databases: administrator',
  );
}

/** Without demo data, the first data is the account of the administrator, which the issuer of tokens keeps. */
function findSeeds(seed: 'demo' | 'none'): ServiceName[] {
  return serviceNames.filter((name) => services[name].hasSeed && (seed === 'demo' || name === tokenIssuer));
}
