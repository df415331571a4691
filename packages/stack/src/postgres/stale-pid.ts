import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, processCommand } from '../process/identity.ts';
import { poll } from '../process/poll.ts';
import { type Report, ExpectedError } from '@shop/process';

/**
 * Removes a `postmaster.pid` that an earlier server left. PostgreSQL ignores it when its process is gone, but refuses to start when
 * another program has the pid now, as after a power cut and always in containers. A server that still runs on this directory gets
 * time to finish: it shuts down after its supervisor was killed.
 *
 * @throws ExpectedError when that server does not stop.
 */
export async function clearStalePid(dataDir: string, report: Report, waitMs = 10_000): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  const pid = await readPid(file);
  if (pid === null || !isAlive(pid)) return;
  const command = await processCommand(pid);
  if (command !== null && !command.includes('postgres')) {
    report(`removed postmaster.pid: its process ${pid} is another program`);
    await rm(file, { force: true });
    return;
  }
  await poll(async () => (isAlive(pid) && (await readPid(file)) === pid ? undefined : true), {
    timeoutMs: waitMs,
    orElse: () =>
      new ExpectedError(
        `PostgreSQL already runs on ${dataDir} (process ${pid}). Stop it, or set DATA_DIR to another directory.`,
      ),
  });
}

async function readPid(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}
