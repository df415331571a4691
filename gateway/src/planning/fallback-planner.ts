import type { PlannerAnswer, PlannerThread } from './planner-thread.ts';

/** Plans operations, one at a time. */
export type Planner = Pick<PlannerThread, 'ready' | 'plan' | 'close'>;

export interface FallbackPlannerOptions {
  readonly first: Planner;
  /** Prepares an operation for the first planner, or refuses it in its place. */
  readonly prepare: (text: string) => { readonly text: string } | { readonly refusal: string };
  /** Starts the planner that gets what the first one refuses. Called when it is needed for the first time. */
  readonly startSecond: () => Planner;
  /** Called for each operation that only the second one plans. */
  readonly onFallback?: ((refusal: string) => void) | undefined;
}

/** A planner that gives the operations that it refuses to another one. The second one decides about them. */
export function createFallbackPlanner({ first, prepare, startSecond, onFallback }: FallbackPlannerOptions): Planner {
  let second: Planner | undefined;
  return {
    ready: () => first.ready(),
    async plan(text): Promise<PlannerAnswer> {
      const prepared = prepare(text);
      const answer = 'text' in prepared ? await first.plan(prepared.text) : prepared;
      if (!('refusal' in answer)) return answer;
      second ??= startSecond();
      const other = await second.plan(text);
      if ('plan' in other) onFallback?.(answer.refusal);
      return other;
    },
    close: async () => void (await Promise.all([first.close(), second?.close()])),
  };
}
