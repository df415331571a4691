import type { Stack } from '@shop/stack';
import { listTargets } from '../faults/injection/draw-faults.ts';
import { childrenOf, processOf, signal } from '../faults/injection/processes.ts';

/** Stops all processes of a stack, with everything that they have started. Returns their pids. */
export async function freezeStack(stack: Stack): Promise<number[]> {
  const frozen = listTargets(1).flatMap((target) => processOf(stack, target).pid ?? []);
  for (const pid of frozen) signal(pid, 'SIGSTOP');
  // A stopped process starts no other. The list grows while it is read: children may have children.
  for (const pid of frozen) {
    for (const child of await childrenOf(pid)) {
      signal(child, 'SIGSTOP');
      frozen.push(child);
    }
  }
  return frozen;
}

/** Kills frozen processes. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) signal(pid, 'SIGKILL');
}
