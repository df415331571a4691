import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Stack } from '@shop/stack';
import { describeTarget, type Target } from './draw-faults.ts';

const run = promisify(execFile);

/** The supervisor's view of a process. */
export function processOf(
  stack: Stack,
  target: Target,
): { readonly pid: number | null; kill(signal: NodeJS.Signals): void } {
  const { name, replica } = target;
  const found = name === 'nats' || name === 'postgres' ? stack[name] : stack.replicas(name)[replica];
  if (!found) throw new Error(`The stack runs no ${describeTarget(target)}.`);
  return found;
}

/** The children of a process. PostgreSQL has one for each connection, which a signal to the server does not stop. */
export async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
}

/** Sends a signal. Ignores a process that has ended. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
