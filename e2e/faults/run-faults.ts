import { rm } from 'node:fs/promises';
import path from 'node:path';
import { processNames, type Stack } from '@shop/stack';
import { createRandom, temporaryDirectory } from '@shop/testing';
import { openReplicatedShop, type ReplicatedShop } from '../replicas.ts';
import { checkAll } from './checks/check-all.ts';
import type { Evidence } from './checks/check.ts';
import { databasesOf } from './checks/databases.ts';
import { checkEvents } from './checks/events.ts';
import { followMailbox } from './checks/mails.ts';
import { untilSettled, untilSoldOut, within } from './checks/settle.ts';
import { checkReads } from './checks/reads.ts';
import { checkStock } from './checks/stock.ts';
import { describeTarget, drawFaults, listTargets } from './injection/draw-faults.ts';
import { processOf } from './injection/processes.ts';
import { repeatMessages } from './injection/repeat-messages.ts';
import { startFaults } from './injection/start-faults.ts';
import { openShopFloor, type ShopFloor } from './load/shop-floor.ts';
import { startReaders } from './load/readers.ts';
import { keepDemanding, type Load, startLoad } from './load/start-load.ts';
import type { FaultOptions } from './options.ts';
import { isFound, plantDefect, type PlantName } from './plant.ts';
import { startProgress } from './progress.ts';

/** The time to settle after the last fault. */
const REST_MS = 60_000;

export interface FaultReport {
  /** The problems; empty when there are none. */
  readonly wrong: readonly string[];
  readonly faults: number;
  readonly repeated: number;
  readonly orders: number;
  readonly answers: ReadonlyMap<string, number>;
  /** The reads of products that were checked, and the changes of a product. */
  readonly reads: number;
  readonly writes: number;
  /** The directory that keeps the processes' logs after an unplanned problem. */
  readonly logs: string | null;
}

/** Runs a whole system under load and faults, and checks the result. */
export async function runFaults(options: FaultOptions, tell: (line: string) => void): Promise<FaultReport> {
  const planted = options.plant === null ? null : await plantDefect(options.plant);
  const directory = await temporaryDirectory();
  let isInOrder = options.plant !== null;
  try {
    const dataDir = path.join(directory.path, 'data');
    const report = await runOn({ ...options, dataDir, root: planted?.path ?? process.cwd() }, tell);
    isInOrder ||= report.wrong.length === 0;
    return { ...report, logs: isInOrder ? null : path.join(dataDir, 'logs') };
  } finally {
    await planted?.remove();
    if (isInOrder) await directory.remove();
    else
      for (const part of ['postgres', 'nats', 'secrets'])
        await rm(path.join(directory.path, 'data', part), { recursive: true, force: true });
  }
}

type Outcome = Omit<FaultReport, 'logs'>;

async function runOn(
  options: FaultOptions & { dataDir: string; root: string },
  tell: (line: string) => void,
): Promise<Outcome> {
  const { dataDir, root, seconds, replicas } = options;
  // A run must include expired reservations, and a process must restart however often it is killed.
  const env = {
    RESERVATION_SECONDS: String(Math.min(40, Math.max(8, Math.ceil(seconds / 3)))),
    SUBGRAPH_TIMEOUT_MS: '5000', // a frozen subgraph must not hold requests for longer than clients wait
  };
  const ended: string[] = [];
  const report = (line: string): void => {
    if (/starting it again|is ready again/.test(line)) tell(`         ${line}`);
    if (/stopped unexpectedly \(exit code/.test(line)) ended.push(`a process that nobody killed has ended: ${line}`);
  };
  const shop = await openReplicatedShop(replicas, { dataDir, root, env, report, restarts: { longestPauseMs: 2_000 } });
  try {
    const outcome = await runIn(shop, options, tell);
    return { ...outcome, wrong: [...outcome.wrong, ...ended] };
  } finally {
    await shop.stop();
  }
}

async function runIn(shop: ReplicatedShop, options: FaultOptions, tell: (line: string) => void): Promise<Outcome> {
  const { seconds, seed, units, workers, replicas, plant } = options;
  const floor = await openShopFloor(shop, units, { url: shop.graphqlUrl });
  const databases = databasesOf(shop.stack);
  const { journal, traffic, scarce } = floor;
  const mails = followMailbox(shop.stack.mailbox?.url ?? '');
  const readers = await startReaders(shop, {
    url: shop.graphqlUrl,
    productIds: [...floor.plentiful.slice(0, 1), scarce],
  });
  const evidence: Evidence = { databases, journal, traffic, scarce, units, mails, readers };
  const load = startLoad(floor, { seed, workers });
  const faults = startFaults(shop.stack, drawFaults(seed, seconds * 1_000, replicas), tell);
  const stopProgress = startProgress({ floor, faults, databases, tell });
  try {
    await faults.over;
    tell(`         the last fault is over: everything has ${REST_MS / 1_000} s to come to rest`);
    const deadline = Date.now() + REST_MS;
    await readers.finish();
    floor.traffic.giveUpAt = deadline;
    const wrong =
      plant === null
        ? [
            ...(await comeToRest(shop.stack, { floor, load, evidence, seed, replicas, deadline })),
            ...(await checkAll(evidence, shop.stack)),
          ]
        : await findDefect(shop.stack, plant, evidence, deadline);
    return {
      wrong,
      faults: faults.count,
      repeated: faults.repeated,
      orders: floor.journal.orders.length,
      answers: floor.traffic.answers,
      reads: readers.reads.length,
      writes: readers.writes,
    };
  } finally {
    await Promise.all([load.finish().catch(() => {}), readers.finish()]); // they are reported above
    await stopProgress();
    await mails.stop();
  }
}

interface Running {
  readonly floor: ShopFloor;
  readonly load: Load;
  readonly evidence: Evidence;
  readonly seed: number;
  readonly replicas: number;
  readonly deadline: number;
}

/**
 * Waits until all processes are up and everything is answered, sold and settled. Returns the work that was not done in
 * time.
 */
async function comeToRest(
  stack: Stack,
  { floor, load, evidence, seed, replicas, deadline }: Running,
): Promise<string[]> {
  const complaints = [
    await within(deadline, () => complainOfProcesses(stack, replicas)),
    await load.finish().then(
      () => null,
      (error: Error) => error.message,
    ),
    await sellOut(floor, evidence, seed, deadline),
    await untilSettled(evidence, deadline),
  ];
  return complaints
    .filter((complaint) => complaint !== null)
    .map((complaint) => `within ${REST_MS / 1_000} s of the last fault: ${complaint}`);
}

/** Looks for the effects of a defect, and triggers it: a system with a defect never settles. */
async function findDefect(stack: Stack, plant: PlantName, evidence: Evidence, deadline: number): Promise<string[]> {
  let wrong: string[] = [];
  await within(deadline, async () => {
    await repeatMessages(stack);
    wrong = (await Promise.all([checkEvents, checkStock, checkReads].map((check) => check(evidence)))).flat();
    return isFound(plant, wrong) ? null : 'not found yet';
  });
  return wrong;
}

/** Every process is up and ready again. */
async function complainOfProcesses(stack: Stack, replicas: number): Promise<string | null> {
  const gone = listTargets(replicas).filter((target) => processOf(stack, target).pid === null);
  if (gone.length > 0) return `not started again: ${gone.map(describeTarget).join(', ')}`;
  for (const service of processNames.flatMap((name) => stack.replicas(name))) await service.untilReady(2_000);
  return null;
}

/** Keeps up the demand until the last unit is sold. */
async function sellOut(floor: ShopFloor, evidence: Evidence, seed: number, deadline: number): Promise<string | null> {
  let unitsLeft = 1;
  const demand = keepDemanding(floor, createRandom(seed), () => unitsLeft).then(
    () => null,
    (error: Error) => error.message,
  );
  const complaint = await untilSoldOut(evidence, deadline, (count) => (unitsLeft = count));
  unitsLeft = 0;
  return complaint ?? (await demand);
}
