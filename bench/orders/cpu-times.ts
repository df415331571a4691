import { readdir, readFile } from 'node:fs/promises';
import { processNames, type Stack } from '@shop/stack';

/** Clock ticks per second of utime and stime in /proc, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

interface ProcessTimes {
  readonly parent: number;
  /** Seconds, including all threads of the process. */
  readonly own: number;
  /** Seconds of children that have ended. */
  readonly ended: number;
}

/** CPU seconds that were used until one moment. */
export interface CpuTimes {
  readonly processes: ReadonlyMap<string, number>;
  /** Seconds of all of PostgreSQL, and of its open sessions by pid. */
  readonly postgres: number;
  readonly sessions: ReadonlyMap<number, { readonly database: string; readonly seconds: number }>;
}

/** The processes of a system but PostgreSQL's, by name. */
export const listProcesses = (stack: Stack): Record<string, number | null> => ({
  ...Object.fromEntries(processNames.map((name) => [name, stack.service(name).pid])),
  nats: stack.nats?.pid ?? null,
});

/**
 * Reads the CPU time that each process has used since its start. Only Linux has /proc; elsewhere the result is empty.
 *
 * @param pids by name
 * @param foreign sessions of PostgreSQL that do not belong to the system, by pid. Default: none.
 */
export async function readCpuTimes(
  pids: Readonly<Record<string, number | null>>,
  postmaster: number | null,
  foreign: ReadonlySet<number> = new Set(),
): Promise<CpuTimes> {
  const processes = new Map<string, number>();
  for (const [name, pid] of Object.entries(pids)) {
    const times = pid === null ? null : await timesOf(pid);
    if (times !== null) processes.set(name, times.own);
  }
  const sessions = new Map<number, { database: string; seconds: number }>();
  const server = postmaster === null ? null : await timesOf(postmaster);
  if (server === null) return { processes, postgres: 0, sessions };
  let postgres = server.own + server.ended;
  for (const pid of (await readdir('/proc')).map(Number).filter((name) => name > 0)) {
    const times = await timesOf(pid);
    if (times?.parent !== postmaster || foreign.has(pid)) continue;
    postgres += times.own;
    const database = /^postgres: shop_\w+ shop_(\w+) /.exec(
      await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    )?.[1];
    if (database !== undefined) sessions.set(pid, { database, seconds: times.own });
  }
  return { processes, postgres, sessions };
}

/**
 * CPU seconds between two moments, by name. PostgreSQL is split into the sessions of each database and the rest: WAL
 * writer, checkpointer, vacuum, and sessions that ended in between.
 */
export function cpuBetween(before: CpuTimes, after: CpuTimes): Map<string, number> {
  const used = new Map(
    [...after.processes].map(([name, seconds]) => [name, seconds - (before.processes.get(name) ?? 0)]),
  );
  const databases = new Map<string, number>();
  for (const [pid, { database, seconds }] of after.sessions) {
    databases.set(database, (databases.get(database) ?? 0) + seconds - (before.sessions.get(pid)?.seconds ?? 0));
  }
  for (const [database, seconds] of [...databases].sort()) used.set(`postgres: ${database}`, seconds);
  const ofSessions = [...databases.values()].reduce((sum, seconds) => sum + seconds, 0);
  if (after.postgres > 0) used.set('postgres: the rest', Math.max(0, after.postgres - before.postgres - ofSessions));
  return used;
}

async function timesOf(pid: number): Promise<ProcessTimes | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  // The second field is the program's name in parentheses and may contain any character, so count fields after it.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const seconds = (first: number): number => ((fields[first] ?? 0) + (fields[first + 1] ?? 0)) / TICKS_PER_SECOND;
  return { parent: fields[1] ?? 0, own: seconds(11), ended: seconds(13) };
}
