import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, processCommand } from '../process/identity.ts';
import { poll } from '../process/poll.ts';
import { type Report, ExpectedError } from '@shop/process';

/**
 * Deals with a `postmaster.pid` that an earlier server left. PostgreSQL itself ignores one whose process is gone, but refuses to
 * start when the pid has been given to some other program since, as happens after a power cut and always in containers. A server
 * that is really running on this directory is given time to finish: after its supervisor was killed it is shutting down.
 *
 * @throws ExpectedError when that server stays.
 */
export async function clearStalePid(dataDir: string, report: Report, waitMs = 10_000): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  const pid = await readPid(file);
  if (pid === null || !isAlive(pid)) return;
  const command = await processCommand(pid);
  if (command !== null && !command.includes('postgres')) {
    report(`postmaster.pid names process ${pid}, which is another program: removed`);
    await rm(file, { force: true });
    return;
  }
  await poll(async () => (isAlive(pid) && (await readPid(file)) === pid ? undefined : true), {
    timeoutMs: waitMs,
    orElse: () =>
      new ExpectedError(
        `PostgreSQL already runs on ${dataDir} (process ${pid}): stop it, or set DATA_DIR to another directory.`,
      ),
  });
}

async function readPid(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}
