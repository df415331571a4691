import { readFileSync } from 'node:fs';
import { processNames } from '@shop/stack';
import type { Shop } from '../shop.ts';

/** The processor time and memory that the processes of a system have used. */
export interface Usage {
  /** Milliseconds of processor time, by process. */
  readonly cpuMs: Readonly<Record<string, number>>;
  /** Resident memory in MiB, of all processes together. */
  readonly memoryMib: number;
}

/** Linux counts processor time in hundredths of a second. */
const tickMs = 10;
const pageBytes = 4_096;

/** Reads `/proc`. Elsewhere than on Linux there is nothing to read. */
export function readUsage({ stack }: Shop): Usage {
  const pids = processNames.map((name) => [name, stack.service(name).pid] as const);
  const read = pids.flatMap(([name, pid]) => (pid === null ? [] : [[name, readProcess(pid)] as const]));
  return {
    cpuMs: Object.fromEntries(read.map(([name, { cpuMs }]) => [name, cpuMs])),
    memoryMib: read.reduce((sum, [, { memoryMib }]) => sum + memoryMib, 0),
  };
}

function readProcess(pid: number): { cpuMs: number; memoryMib: number } {
  try {
    // The name of the program stands in parentheses and may contain spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const [user, system, pages] = [fields[11], fields[12], fields[21]].map(Number);
    return { cpuMs: ((user ?? 0) + (system ?? 0)) * tickMs, memoryMib: ((pages ?? 0) * pageBytes) / 2 ** 20 };
  } catch {
    return { cpuMs: 0, memoryMib: 0 };
  }
}
