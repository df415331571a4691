import { processNames, type ProcessName } from '@shop/stack';
import { createRandom, type Random } from '@shop/testing';

/** A process that a fault can hit. Replicas count from 0. PostgreSQL and NATS have one. */
export type Target =
  | { readonly name: ProcessName; readonly replica: number }
  | { readonly name: 'nats' | 'postgres'; readonly replica: 0 };

/** All processes of a system with this many replicas. */
export function listTargets(replicas: number): Target[] {
  const numbers = Array.from({ length: replicas }, (_, replica) => replica);
  const services = numbers.flatMap((replica) => processNames.map((name): Target => ({ name, replica })));
  return [...services, { name: 'nats', replica: 0 }, { name: 'postgres', replica: 0 }];
}

/** The name that a process has in the logs. */
export function describeTarget({ name, replica }: Target): string {
  return replica === 0 ? name : `${name}-${replica + 1}`;
}

export type Fault =
  /** SIGKILL. `againMs`: the replacement is killed as well, this many milliseconds after its start. */
  | { readonly kind: 'kill'; readonly target: Target; readonly againMs: number | null }
  /** SIGSTOP, and SIGCONT this many milliseconds later. */
  | { readonly kind: 'freeze'; readonly target: Target; readonly forMs: number }
  /** One of PostgreSQL's backends is killed. The server then ends all other sessions and recovers. */
  | { readonly kind: 'kill-backend' }
  /** The last messages of all streams are published again, as messages that are new to the broker. */
  | { readonly kind: 'repeat' };

/** A fault and its time. */
export interface ScheduledFault {
  readonly atMs: number;
  readonly fault: Fault;
}

/** The broker redelivers a message that was not acknowledged for ten seconds. Some freezes last longer. */
const [SHORT_MS, LONG_MS] = [4_000, 12_000];

/**
 * Draws the faults and their times, the same for the same seed. Each kind hits each target before any combination
 * repeats. Every run repeats messages halfway and at its end, even a short one.
 */
export function drawFaults(seed: number, durationMs: number, replicas = 1): ScheduledFault[] {
  const random = createRandom(seed);
  const faults: ScheduledFault[] = [durationMs / 2, durationMs].map((atMs) => ({ atMs, fault: { kind: 'repeat' } }));
  let bag: Fault[] = [];
  for (let atMs = 1_500; atMs < durationMs; atMs += 1_000 + random.below(8_000)) {
    if (bag.length === 0) bag = fillBag(random, listTargets(replicas));
    faults.push({ atMs, fault: bag.splice(random.below(bag.length), 1)[0] as Fault });
  }
  return faults.sort((one, other) => one.atMs - other.atMs);
}

function fillBag(random: Random, targets: readonly Target[]): Fault[] {
  const kills = targets.map((target): Fault => ({
    kind: 'kill',
    target,
    againMs: random.next() < 0.3 ? random.below(800) : null,
  }));
  const freezes = targets.map((target): Fault => ({
    kind: 'freeze',
    target,
    forMs: 300 + random.below(random.next() < 0.2 ? LONG_MS : SHORT_MS),
  }));
  return [...kills, ...freezes, { kind: 'kill-backend' }, { kind: 'repeat' }];
}

export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'kill':
      return fault.againMs === null
        ? `kill ${describeTarget(fault.target)}`
        : `kill ${describeTarget(fault.target)}, and again ${fault.againMs} ms after its start`;
    case 'freeze':
      return `freeze ${describeTarget(fault.target)} for ${(fault.forMs / 1_000).toFixed(1)} s`;
    case 'kill-backend':
      return 'kill a backend of postgres';
    case 'repeat':
      return 'repeat messages';
    default:
      return fault satisfies never;
  }
}
