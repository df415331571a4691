import type { SupergraphFacts } from '../facts.ts';
import type { PlanNode } from '../plan/plan.ts';
import { compileFetch, type Step } from './fetch.ts';
import { createMerge } from './merge.ts';

/** Compiles a plan to one function that runs it. */
export function compilePlan(
  plan: PlanNode,
  facts: SupergraphFacts,
  /** The client's name of a field, by its name in the data. */
  toClientName: (name: string) => string,
): Step {
  const options = { facts, merge: createMerge(facts), toClientName };

  function compile(node: PlanNode): Step {
    switch (node.kind) {
      case 'fetch':
        return compileFetch(node, options);
      case 'sequence':
        return runInSequence(node.nodes.map(compile));
      case 'parallel':
        return runInParallel(node.nodes.map(compile));
      case 'condition': {
        const ifTrue = node.ifTrue && compile(node.ifTrue);
        const ifFalse = node.ifFalse && compile(node.ifFalse);
        return (run) => (run.conditions.get(node.variable) === true ? ifTrue : ifFalse)?.(run);
      }
    }
  }

  return compile(plan);
}

function runInSequence(steps: readonly Step[]): Step {
  const [only, ...more] = steps;
  if (only !== undefined && more.length === 0) return only;
  return async (run) => {
    for (const step of steps) await step(run);
  };
}

function runInParallel(steps: readonly Step[]): Step {
  const [only, ...more] = steps;
  if (only !== undefined && more.length === 0) return only;
  return (run) => {
    const running: Promise<void>[] = [];
    for (const step of steps) {
      const promise = step(run);
      if (promise !== undefined) running.push(promise);
    }
    return running.length === 0 ? undefined : (Promise.all(running) as Promise<unknown> as Promise<void>);
  };
}
