import { readFile } from 'node:fs/promises';
import { run } from './run.ts';

/** True when a process with this pid exists, also one of another user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line of a process, or `null` when it cannot be read. */
export async function processCommand(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  if (text !== null) return text.replaceAll('\0', ' ');
  const ps = await run('ps', ['-o', 'command=', '-p', String(pid)]); // macOS has no /proc
  return ps.code === 0 ? ps.stdout.trim() : null;
}

/**
 * The start time of a process, as a text that does not change while it lives; `null` if it is gone. The text and the pid together
 * identify a process: a later one can get the same pid.
 */
export async function processStartedAt(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The second field, the program's name in parentheses, may hold spaces. Count from its end: the start time is field 22.
  if (stat !== null) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  const ps = await run('ps', ['-o', 'lstart=', '-p', String(pid)]);
  return ps.code === 0 ? ps.stdout.trim() : null;
}
