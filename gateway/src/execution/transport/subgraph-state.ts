import { notableClockDifferenceMs, type Readiness } from '@shop/process';
import type { BreakerState } from './breaker.ts';

/** A report about one instance of a subgraph. */
export interface InstanceState {
  readonly status: 'up' | 'down';
  readonly away?: readonly string[];
  readonly behind?: readonly string[];
  /** How many pieces of each kind of work are overdue. Only operators see it. */
  readonly overdue?: Readonly<Record<string, number>>;
  readonly clockDifferenceMs?: Readonly<Record<string, number>>;
  /** Set when nothing but its calls tells how it is: then `up` means that they do not fail. */
  readonly judgedBy?: 'calls';
  /** The state of its circuit breaker, unless that is closed. */
  readonly breaker?: Exclude<BreakerState, 'closed'>;
}

/**
 * A report about a subgraph. It is up when one of its instances is. `away` names dependencies that it can work without for now, such as
 * the broker, and `behind` names work that is overdue, such as pending orders.
 */
export interface SubgraphState extends InstanceState {
  /** Milliseconds by which its clock is ahead of the gateway's and of its database's, for each that differs notably. */
  readonly clockDifferenceMs?: Readonly<Record<string, number>>;
  /** How many instances there are, are up, and get no calls because their breaker is not closed. Only for several instances. */
  readonly instances?: { readonly all: number; readonly up: number; readonly broken: number };
}

/**
 * Reads the answer of an instance about its readiness.
 *
 * @param answer.date the header
 * @param answer.askedAt milliseconds since the epoch, as `answeredAt`
 */
export function readReadiness(answer: {
  text: string;
  date: string | undefined;
  askedAt: number;
  answeredAt: number;
}): InstanceState {
  const {
    checks = {},
    behind = [],
    overdue = {},
    clockDifferenceMs = {},
  } = JSON.parse(answer.text) as Partial<Readiness>;
  const away = Object.keys(checks).filter((name) => checks[name]?.status !== 'up');
  const differences = { ...readClockDifference(answer), ...clockDifferenceMs };
  return {
    status: 'up',
    ...(away.length === 0 ? {} : { away }),
    ...(behind.length === 0 ? {} : { behind }),
    ...(Object.keys(overdue).length === 0 ? {} : { overdue }),
    ...(Object.keys(differences).length === 0 ? {} : { clockDifferenceMs: differences }),
  };
}

/** Sums up the reports of all instances of a subgraph. */
export function mergeStates(states: readonly InstanceState[]): SubgraphState {
  const [first] = states;
  if (states.length === 1 && first !== undefined) return first;
  const up = states.filter(({ status }) => status === 'up');
  const broken = states.filter(({ breaker }) => breaker !== undefined);
  const [away, behind] = [unite(up.map((state) => state.away)), unite(up.map((state) => state.behind))];
  const clockDifferenceMs = findLargest(up.map((state) => state.clockDifferenceMs));
  // Instances look at the same database, one after the other.
  const overdue = findLargest(up.map((state) => state.overdue));
  return {
    status: up.length > 0 ? 'up' : 'down',
    ...(away.length === 0 ? {} : { away }),
    ...(behind.length === 0 ? {} : { behind }),
    ...(Object.keys(overdue).length === 0 ? {} : { overdue }),
    ...(Object.keys(clockDifferenceMs).length === 0 ? {} : { clockDifferenceMs }),
    ...(broken.length < states.length || broken[0]?.breaker === undefined ? {} : { breaker: broken[0].breaker }),
    ...(first?.judgedBy === undefined ? {} : { judgedBy: first.judgedBy }),
    instances: { all: states.length, up: up.length, broken: broken.length },
  };
}

/** True when nothing of a subgraph needs attention. */
export function isFine({ status, away, behind, clockDifferenceMs, breaker, instances }: SubgraphState): boolean {
  const areAllUp = instances === undefined || (instances.up === instances.all && instances.broken === 0);
  const hasNotes = [away, behind, clockDifferenceMs, breaker].some((note) => note !== undefined);
  return status === 'up' && areAllUp && !hasNotes;
}

/** For each name the value that is farthest from 0. */
function findLargest(records: readonly (Readonly<Record<string, number>> | undefined)[]): Record<string, number> {
  const largest: Record<string, number> = {};
  for (const [name, value] of records.flatMap((record) => Object.entries(record ?? {})))
    if (Math.abs(value) > Math.abs(largest[name] ?? 0)) largest[name] = value;
  return largest;
}

function unite(lists: readonly (readonly string[] | undefined)[]): readonly string[] {
  return [...new Set(lists.flatMap((list) => list ?? []))];
}

/** Compares a subgraph's clock with ours. Returns an empty object when they may agree. */
function readClockDifference(answer: { date: string | undefined; askedAt: number; answeredAt: number }): {
  gateway?: number;
} {
  if (answer.date === undefined) return {};
  // The header cuts off the fraction of a second. The subgraph wrote it between our two times.
  const written = Date.parse(answer.date);
  const [least, most] = [written - answer.answeredAt, written + 1_000 - answer.askedAt];
  const isNotable = least > notableClockDifferenceMs || most < -notableClockDifferenceMs;
  return isNotable ? { gateway: Math.round((least + most) / 2) } : {};
}
