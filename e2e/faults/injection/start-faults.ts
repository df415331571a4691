import { setTimeout as pause } from 'node:timers/promises';
import type { Stack } from '@shop/stack';
import { describeFault, type Fault, type ScheduledFault } from './draw-faults.ts';
import { childrenOf, processOf, signal } from './processes.ts';
import { repeatMessages } from './repeat-messages.ts';

/** Faults that strike one after the other. Faults with a duration overlap. */
export interface Faults {
  /** The number of faults so far. */
  readonly count: number;
  /** Messages that were published again. */
  readonly repeated: number;
  /** Resolves when the last fault has struck and nothing is frozen any more. */
  readonly over: Promise<void>;
}

/** Applies scheduled faults to a stack. `tell` gets a line for each fault. */
export function startFaults(stack: Stack, schedule: readonly ScheduledFault[], tell: (line: string) => void): Faults {
  let count = 0;
  let repeated = 0;
  const strike = async (fault: Fault): Promise<void> => {
    switch (fault.kind) {
      case 'kill':
        return kill(stack, fault);
      case 'freeze':
        return freeze(stack, fault);
      case 'kill-backend':
        return killBackend(stack);
      case 'repeat':
        repeated += await repeatMessages(stack);
        return;
      default:
        return fault satisfies never;
    }
  };
  const all = schedule.map(async ({ atMs, fault }) => {
    await pause(atMs);
    count += 1;
    tell(`${String(Math.round(atMs / 1_000)).padStart(5)} s  fault ${count}: ${describeFault(fault)}`);
    await strike(fault);
  });
  return {
    get count() {
      return count;
    },
    get repeated() {
      return repeated;
    },
    over: Promise.all(all).then(() => {}),
  };
}

async function kill(stack: Stack, { target, againMs }: Extract<Fault, { kind: 'kill' }>): Promise<void> {
  const victim = processOf(stack, target);
  const { pid } = victim;
  victim.kill('SIGKILL');
  if (againMs === null) return;
  for (let waited = 0; waited < 10_000 && (victim.pid === null || victim.pid === pid); waited += 5) await pause(5);
  await pause(againMs);
  victim.kill('SIGKILL');
}

async function freeze(stack: Stack, { target, forMs }: Extract<Fault, { kind: 'freeze' }>): Promise<void> {
  const { pid } = processOf(stack, target);
  if (pid === null) return; // it is restarting
  signal(pid, 'SIGSTOP');
  const frozen = [pid, ...(target.name === 'postgres' ? await childrenOf(pid) : [])]; // no repeated messages are added from here on
  for (const each of frozen.slice(1)) signal(each, 'SIGSTOP');
  await pause(forMs);
  for (const each of frozen) signal(each, 'SIGCONT');
}

async function killBackend(stack: Stack): Promise<void> {
  const { pid } = processOf(stack, { name: 'postgres', replica: 0 });
  const youngest = pid === null ? undefined : (await childrenOf(pid)).at(-1);
  if (youngest !== undefined) signal(youngest, 'SIGKILL');
}
