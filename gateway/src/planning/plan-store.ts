import { createHash } from 'node:crypto';
import type { executeQueryPlan } from '@apollo/gateway';
import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import { createCodedError } from '@shop/graphql';
import { FairQueue, type QueueLimits } from './fair-queue.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import type { Planner } from './fallback-planner.ts';
import type { PlannerAnswer } from './planner-thread.ts';

export type QueryPlan = Parameters<typeof executeQueryPlan>[0];

/** Finds the plan of an operation by its canonical text. */
export interface PlanStore {
  /**
   * @param client who asks; clients take turns in the queue
   * @throws GraphQLError PLAN_LIMIT_EXCEEDED or SERVICE_UNAVAILABLE
   * @throws Error with the planner's message when it refuses the operation
   */
  find(text: string, client: string): Promise<QueryPlan>;
  /** The texts of the operations whose plans were used last, the last one first. */
  listOperations(max: number): readonly string[];
  /** Plans operations before somebody asks for them, until the time is over. Those that have no plan are left out. */
  prepare(operations: readonly string[], maxMs: number): Promise<void>;
  readonly state: PlanStoreState;
  close(): Promise<void>;
}

/** The contents of a store, for metrics. */
export interface PlanStoreState {
  /** Kept plans and refusals. */
  readonly plans: number;
  /** Of memory, by estimate. */
  readonly bytes: number;
  /** Operations that wait for the planner. */
  readonly queued: number;
}

export interface PlanStoreOptions {
  readonly thread: Pick<Planner, 'plan' | 'close'>;
  /** Milliseconds that planning may take; for the message. */
  readonly timeoutMs: number;
  /** Bytes of memory for plans and refusals, by estimate. */
  readonly maxBytes: number;
  readonly limits?: QueueLimits;
  /** Default: nothing is measured. */
  readonly metrics?: Pick<GatewayMetrics, 'planLookups' | 'planningDurations'>;
}

const defaultLimits: QueueLimits = { max: 200, maxOfClient: 20 };

/** A plan, or the reason why there is none. */
type Outcome = { readonly plan: QueryPlan; readonly bytes: number } | Exclude<PlannerAnswer, { readonly plan: string }>;

/** Seconds. Later the operation is tried again: a busy machine may have been the reason. */
const keepExceeded = 60;

/** Keeps plans, the least recently used ones the shortest. Requests for the same new plan share one planning. */
export function createPlanStore(options: PlanStoreOptions): PlanStore {
  const { thread, timeoutMs, maxBytes, limits = defaultLimits, metrics } = options;
  const kept = new InMemoryLRUCache<Outcome>({
    maxSize: Math.max(1, maxBytes),
    sizeCalculation: sizeOf,
    dispose: (outcome, key) => {
      plans -= 1;
      bytes -= sizeOf(outcome);
      texts.delete(key);
    },
  });
  /** The operations of the kept plans, by their keys. */
  const texts = new Map<string, string>();
  let plans = 0;
  let bytes = 0;
  const planning = new Map<string, Promise<Outcome>>();
  const queue = new FairQueue<() => Promise<void>>(limits);
  let isBusy = false;

  async function work(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let job = queue.take(); job !== undefined; job = queue.take()) await job();
    isBusy = false;
  }

  async function measured(text: string): Promise<PlannerAnswer> {
    const startedAt = performance.now();
    let outcome = 'failed';
    try {
      const answer = await thread.plan(text);
      outcome = 'plan' in answer ? 'planned' : 'refusal' in answer ? 'refused' : 'exceeded';
      return answer;
    } finally {
      metrics?.planningDurations.observe({ outcome }, (performance.now() - startedAt) / 1_000);
    }
  }

  function plan(text: string, client: string): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const isAdded = queue.add(client, () =>
        measured(text).then((answer) => resolve(toOutcome(text, answer)), reject),
      );
      if (!isAdded) {
        const message = 'The gateway has too many new operations to plan. Try again later.';
        reject(createCodedError('SERVICE_UNAVAILABLE', { message, setsStatus: true }));
      }
      void work();
    });
  }

  async function findOutcome(key: string, text: string, client: string): Promise<Outcome> {
    const known = await kept.get(key);
    metrics?.planLookups.inc({ result: known === undefined ? 'miss' : 'hit' });
    if (known !== undefined) return known;
    const outcome = await plan(text, client);
    await keep(key, text, outcome);
    return outcome;
  }

  async function keep(key: string, text: string, outcome: Outcome): Promise<void> {
    // The cache would leave it out without a word, and the sums would be wrong.
    if (sizeOf(outcome) > maxBytes) return;
    plans += 1;
    bytes += sizeOf(outcome);
    await kept.set(key, outcome, 'exceeded' in outcome ? { ttl: keepExceeded } : undefined);
    if ('plan' in outcome) texts.set(key, text);
  }

  return {
    async find(text, client) {
      const key = toKey(text);
      let found = planning.get(key);
      if (found === undefined) {
        found = findOutcome(key, text, client).finally(() => planning.delete(key));
        planning.set(key, found);
      } else metrics?.planLookups.inc({ result: 'shared' });
      const outcome = await found;
      if ('plan' in outcome) return outcome.plan;
      if ('refusal' in outcome) throw new Error(outcome.refusal);
      throw createCodedError('PLAN_LIMIT_EXCEEDED', {
        message: `The operation is too large: planning it takes more than ${
          outcome.exceeded === 'time' ? `${timeoutMs} ms` : 'the memory of the planner'
        }. Split it.`,
        setsStatus: true,
      });
    },
    listOperations(max) {
      const keys = kept.keys();
      return keys.flatMap((key) => texts.get(key) ?? []).slice(0, max);
    },
    async prepare(operations, maxMs) {
      const endsAt = performance.now() + maxMs;
      // The store keeps the last ones the longest.
      for (const text of [...operations].reverse()) {
        if (performance.now() > endsAt) return;
        const outcome = await plan(text, 'the gateway itself');
        if ('plan' in outcome) await keep(toKey(text), text, outcome);
      }
    },
    get state() {
      return { plans, bytes, queued: queue.size };
    },
    close: () => thread.close(),
  };
}

/**
 * Bytes of heap that a plan takes for each character of its JSON, and an entry beside its plan and its text. Measured as
 * docs/decisions/049 says: parsed plans take 1.26 to 1.31 bytes for each character.
 */
const bytesOf = { character: 1.4, entry: 600 };

const sizeOf = (outcome: Outcome): number => ('bytes' in outcome ? outcome.bytes : bytesOf.entry);

function toOutcome(text: string, answer: PlannerAnswer): Outcome {
  if (!('plan' in answer)) return answer;
  const bytes = bytesOf.entry + text.length + Math.ceil(answer.plan.length * bytesOf.character);
  return { plan: JSON.parse(answer.plan) as QueryPlan, bytes };
}

const toKey = (text: string): string => createHash('sha256').update(text).digest('base64');
