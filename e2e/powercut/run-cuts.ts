import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createRandom, temporaryDirectory } from '@shop/testing';
import { checkAll } from '../faults/checks/check-all.ts';
import type { Evidence } from '../faults/checks/check.ts';
import { databasesOf } from '../faults/checks/databases.ts';
import { untilConfirmed, untilSettled } from '../faults/checks/settle.ts';
import { type Journal, newJournal } from '../faults/load/journal.ts';
import { openShopFloor, type ShopFloor } from '../faults/load/shop-floor.ts';
import { type Load, startLoad } from '../faults/load/start-load.ts';
import { damageStore } from './damage.ts';
import { removeImage } from './disk.ts';
import { countHandedOver } from './handed-over.ts';
import { createMachine, type Machine } from './machine.ts';
import type { PowerCutOptions } from './options.ts';

/** The time that everything has to settle after the restart. */
const SETTLE_MS = 60_000;
/** The load before a cut lasts for a random time between these. */
const [SHORTEST_LOAD_MS, LONGEST_LOAD_MS] = [2_000, 15_000];
const WORKERS = 8;
const UNITS = 200;

/** The result of one power cut. All times are in milliseconds, `null` when the run did not come so far. */
export interface CutReport extends Recovery {
  readonly cut: number;
  /** The time of load before the cut. */
  readonly loadMs: number;
  /** Orders that clients were told of in this load. */
  readonly orders: number;
  /** What was damaged before the restart. */
  readonly damage: string | null;
  /** The file with the disk as it was at the cut, if it is kept. */
  readonly keptAs: string | null;
}

/** How a system recovered from a power cut. */
interface Recovery {
  /** Problems; empty when there are none. */
  readonly wrong: readonly string[];
  /** The time until every process was ready. */
  readonly startMs: number | null;
  /** From then on, until every order, payment and refund was decided and every event published. */
  readonly settleMs: number | null;
  /** From then on, until every follower had confirmed every event. */
  readonly confirmMs: number | null;
  /** Events that the relays handed over. */
  readonly handedOver: number | null;
}

/** How a run reports, and how it ends early. */
export interface RunContext {
  readonly onCut: (report: CutReport) => void;
  /** Ends the run; everything is cleaned up first. */
  readonly signal: AbortSignal;
}

/**
 * Runs a system on a disk of its own and cuts its power again and again. Each time it goes on with the disk as it was at
 * the cut. After a failed cut it goes on with a new system.
 *
 * @throws Error when the run is interrupted, or when a disk cannot be used
 */
export async function runCuts(options: PowerCutOptions, { onCut, signal }: RunContext): Promise<CutReport[]> {
  const directory = await temporaryDirectory();
  const machine = createMachine(directory.path, signal);
  const reports: CutReport[] = [];
  const seeds = createRandom(options.seed);
  try {
    let journal = newJournal();
    for (let cut = 1; cut <= options.cuts; cut += 1) {
      const keepAs = options.keep ? path.join(directory.path, `cut-${cut}.img`) : null;
      let isFailed = false;
      try {
        const found = await runCut({ ...options, seed: seeds.below(2 ** 32), cut, keepAs, machine, journal, signal });
        isFailed = found.wrong.length > 0;
        const report = { ...found, keptAs: isFailed ? keepAs : null };
        reports.push(report);
        onCut(report);
      } finally {
        if (!isFailed && keepAs !== null) await removeImage(keepAs);
      }
      if (isFailed) {
        await machine.clear();
        journal = newJournal();
      }
    }
    return reports;
  } finally {
    await machine.clear();
    if (reports.every(({ keptAs }) => keptAs === null)) await directory.remove();
  }
}

interface CutOptions extends PowerCutOptions {
  readonly cut: number;
  /** A file to keep the disk in, as it was at the cut. */
  readonly keepAs: string | null;
  readonly machine: Machine;
  readonly journal: Journal;
  readonly signal: AbortSignal;
}

/** Puts load on the system, cuts its power, damages its disk, starts it again, and checks it. */
async function runCut(options: CutOptions): Promise<Omit<CutReport, 'keptAs'>> {
  const { cut, seed, machine, journal, signal } = options;
  const random = createRandom(seed);
  const loadMs = SHORTEST_LOAD_MS + random.below(LONGEST_LOAD_MS - SHORTEST_LOAD_MS);
  const floor = await openShopFloor(machine.shop ?? (await machine.start()), UNITS, { journal });
  const ordersBefore = journal.orders.length;
  const load = startLoad(floor, { seed, workers: WORKERS });
  try {
    await pause(loadMs, undefined, { signal });
    // Clients finish what they have begun. They repeat their requests until the system is back.
    const isNoCut = await machine.cutPower({ onCut: () => void load.finish().catch(() => {}), keepAs: options.keepAs });
    const orders = journal.orders.length - ordersBefore;
    const damage =
      options.damage === 'none' ? null : await damageStore(path.join(machine.dataDir, 'nats'), options.damage, random);
    const recovery = await recover(machine, floor, load, signal);
    return { cut, loadMs, orders, damage, ...recovery, wrong: [...isNoCut, ...recovery.wrong] };
  } finally {
    floor.traffic.giveUpAt = Date.now();
    await load.finish().catch(() => {}); // it is reported above
  }
}

/** Starts the system again, waits until it has settled, and checks it. */
async function recover(machine: Machine, floor: ShopFloor, load: Load, signal: AbortSignal): Promise<Recovery> {
  const since = new Date();
  const wrong: string[] = [];
  const times: { startMs: number | null; settleMs: number | null; confirmMs: number | null } = {
    startMs: null,
    settleMs: null,
    confirmMs: null,
  };
  const note = (complaint: string | null): void => void (complaint !== null && wrong.push(complaint));
  try {
    const { stack } = await machine.start();
    const readyAt = Date.now();
    times.startMs = readyAt - since.getTime();
    const { journal, traffic, scarce, units } = floor;
    const evidence: Evidence = { databases: databasesOf(stack), journal, traffic, scarce, units };
    const deadline = readyAt + SETTLE_MS;
    traffic.giveUpAt = deadline;
    await unlessAborted(signal, async () => {
      note(
        await load.finish().then(
          () => null,
          (error: Error) => error.message,
        ),
      );
      note(await untilSettled(evidence, deadline));
      times.settleMs = Date.now() - readyAt;
      note(await untilConfirmed(evidence, deadline));
      times.confirmMs = Date.now() - readyAt;
      wrong.push(...(await checkAll(evidence, stack)));
    });
  } catch (error) {
    signal.throwIfAborted();
    note((error as Error).message); // the system did not start
  }
  return { ...times, wrong, handedOver: await countHandedOver(machine.dataDir, since).catch(() => null) };
}

/** Rejects as soon as the signal is aborted. */
async function unlessAborted(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const aborted = once(signal, 'abort', { signal: stop.signal }).then(() => signal.throwIfAborted());
  try {
    signal.throwIfAborted();
    await Promise.race([work(), aborted]);
  } finally {
    aborted.catch(() => {});
    stop.abort();
  }
}
