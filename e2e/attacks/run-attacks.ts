import type { TestedEngine } from '@shop/testing/config';
import { openShop, type Shop } from '../shop.ts';
import { readUsage } from './processes.ts';
import { attacks, type Attack } from './shapes.ts';

/** The effect of an attack. */
export interface AttackReport {
  readonly name: string;
  readonly limit: string;
  readonly elapsedMs: number;
  /** Processor time of the process that used most, and its name. */
  readonly cpuMs: number;
  readonly process: string;
  /** By how much the memory of all processes grew. */
  readonly memoryMib: number;
  /** How the system answered when it stopped the attack. */
  readonly note: string;
  /** Why it was not stopped; null when it was. */
  readonly wrong: string | null;
}

/**
 * Starts the system in production mode, as behind a proxy, and attacks it.
 *
 * @param options.engine the executor of the gateway. Default: its own engine
 */
export async function runAttacks({
  engine = 'own',
  onReport = () => {},
}: {
  readonly engine?: TestedEngine;
  readonly onReport?: (report: AttackReport) => void;
} = {}): Promise<readonly AttackReport[]> {
  const env = { NODE_ENV: 'production', TRUST_PROXY: '127.0.0.1', GATEWAY_ENGINE: engine };
  const shop = await openShop({ env });
  try {
    const reports: AttackReport[] = [];
    for (const attack of attacks) {
      const report = await attackWith(shop, attack);
      reports.push(report);
      onReport(report);
    }
    return reports;
  } finally {
    await shop.stop();
  }
}

async function attackWith(shop: Shop, { name, limit, run }: Attack): Promise<AttackReport> {
  const before = readUsage(shop);
  const started = performance.now();
  const { note, wrong } = await run(shop).then(
    (text) => ({ note: text ?? 'stopped', wrong: null }),
    (error: unknown) => ({ note: '', wrong: (error as Error).message }),
  );
  const elapsedMs = performance.now() - started;
  const after = readUsage(shop);
  const used = Object.entries(after.cpuMs).map(([process, ms]) => ({
    process,
    cpuMs: ms - (before.cpuMs[process] ?? 0),
  }));
  const [most = { process: '-', cpuMs: 0 }] = used.sort((a, b) => b.cpuMs - a.cpuMs);
  return { name, limit, elapsedMs, ...most, memoryMib: after.memoryMib - before.memoryMib, note, wrong };
}

const columns: readonly (readonly [title: string, read: (report: AttackReport) => string])[] = [
  ['attack', ({ name }) => name],
  ['stopped by', ({ limit }) => limit],
  ['ms', ({ elapsedMs }) => elapsedMs.toFixed(0)],
  ['CPU ms', ({ cpuMs }) => String(cpuMs)],
  ['in', ({ process }) => process],
  ['MiB', ({ memoryMib }) => memoryMib.toFixed(0)],
  ['result', ({ note, wrong }) => (wrong === null ? note : `NOT STOPPED: ${wrong}`)],
];

export function formatAttacks(reports: readonly AttackReport[]): string {
  const rows = [columns.map(([title]) => title), ...reports.map((report) => columns.map(([, read]) => read(report)))];
  const widths = columns.map((_column, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const failed = reports.filter(({ wrong }) => wrong !== null).length;
  const lines = rows.map((row) =>
    row
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, `${reports.length} attacks, ${failed} not stopped.`].join('\n');
}
