import { readFile } from 'node:fs/promises';

/** Reads the resident memory of a process in bytes. Only Linux has /proc; elsewhere it is NaN. */
export async function readMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? Number.NaN : 1_024 * Number(kilobytes);
}
