import type { FetchNode, PlanNode } from '../plan/plan.ts';
import { compileBatch } from './batch.ts';
import { compileFetch, type FetchOptions, type Step } from './fetch.ts';
import { createMerge } from './merge.ts';

export interface PlanOptions extends Omit<FetchOptions, 'merge'> {
  /** True to send the calls for entities that run at the same time and go to one subgraph as one operation. */
  readonly isBatched: boolean;
}

/** Compiles a plan to one function that runs it. */
export function compilePlan(plan: PlanNode, { facts, toClientName, whole, isBatched }: PlanOptions): Step {
  const options = { facts, merge: createMerge(facts), toClientName, whole };

  function compile(node: PlanNode): Step {
    switch (node.kind) {
      case 'fetch':
        return compileFetch(node, options);
      case 'sequence':
        return runInSequence(node.nodes.map(compile));
      case 'parallel':
        return runInParallel(isBatched ? compileInBatches(node.nodes) : node.nodes.map(compile));
      case 'condition': {
        const ifTrue = node.ifTrue && compile(node.ifTrue);
        const ifFalse = node.ifFalse && compile(node.ifFalse);
        return (run) => (run.conditions.get(node.variable) === true ? ifTrue : ifFalse)?.(run);
      }
    }
  }

  /** Compiles steps that run at the same time. The steps that follow a call of a batch wait for the whole batch. */
  function compileInBatches(nodes: readonly PlanNode[]): Step[] {
    const steps: Step[] = [];
    const groups = new Map<string, { readonly node: PlanNode; readonly head: FetchNode }[]>();
    for (const node of nodes) {
      const head = findHead(node);
      if (head === undefined) {
        steps.push(compile(node));
        continue;
      }
      const group = groups.get(head.service) ?? [];
      groups.set(head.service, group);
      group.push({ node, head });
    }
    for (const group of groups.values()) {
      const [only, ...more] = group;
      if (only !== undefined && more.length === 0) {
        steps.push(compile(only.node));
        continue;
      }
      const batch = compileBatch(
        group.map(({ head }) => head),
        options,
      );
      const followers = group.flatMap(({ node }) => listFollowers(node));
      steps.push(followers.length === 0 ? batch : runInSequence([batch, runInParallel(compileInBatches(followers))]));
    }
    return steps;
  }

  return compile(plan);
}

/** The call with which a step begins, if it is one for entities. */
function findHead(node: PlanNode | undefined): FetchNode | undefined {
  if (node?.kind === 'sequence') return findHead(node.nodes[0]);
  const isForEntities = node?.kind === 'fetch' && node.requires !== undefined && node.operationKind === 'query';
  return isForEntities ? node : undefined;
}

/** The steps after the call with which a step begins. */
function listFollowers(node: PlanNode): PlanNode[] {
  if (node.kind !== 'sequence') return [];
  const [first, ...rest] = node.nodes;
  const nodes = [...(first === undefined ? [] : listFollowers(first)), ...rest];
  return nodes.length === 0 ? [] : [{ kind: 'sequence', nodes }];
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
