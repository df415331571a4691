import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '../command-line/failures.ts';
import type { Target } from '../databases/targets.ts';
import { type MigrationStatus, readMigrationStatus } from './status.ts';

/** Options of {@link waitForMigrations}. */
export interface WaitOptions {
  readonly timeoutMs: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Gets a line whenever the reason for waiting changes. */
  readonly report: (line: string) => void;
  /** Milliseconds between two looks. Default: 2000. */
  readonly everyMs?: number;
}

/**
 * Waits until the databases have all migrations of this release. A database that cannot be reached is waited for too. Migrations of
 * a later release do not matter.
 *
 * @throws UnavailableError when they are not applied within the time, with the reason
 */
export async function waitForMigrations(
  root: string,
  targets: readonly Target[],
  { timeoutMs, signal, report, everyMs = 2_000 }: WaitOptions,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (let last = ''; ; await sleep(everyMs, undefined, { signal })) {
    const reason = await findReasonToWait(root, targets);
    if (reason === undefined) return;
    if (performance.now() > end)
      throw new UnavailableError(`The databases are not migrated after ${timeoutMs / 1_000} s: ${reason}`);
    if (reason !== last) report(`waiting: ${reason}`);
    last = reason;
  }
}

async function findReasonToWait(root: string, targets: readonly Target[]): Promise<string | undefined> {
  try {
    return describeMissing(await readMigrationStatus(root, targets));
  } catch (error) {
    if (error instanceof UnavailableError) return error.message;
    throw error;
  }
}

function describeMissing(statuses: readonly MigrationStatus[]): string | undefined {
  const missing = statuses
    .filter(({ pending, failed }) => pending.length + failed.length > 0)
    .map(({ service, pending, failed }) => `${service} lacks ${[...failed, ...pending].join(', ')}`);
  return missing.length === 0 ? undefined : `${missing.join('; ')}. "shop migrate" applies them.`;
}
