import type { ASTNode } from 'graphql';
import type { PlanNode, RequiredSelection } from './plan/plan.ts';
import { nodeMembers } from './visit-nodes.ts';

/**
 * Bytes of heap that the parts of a program take. They are averages over the operations of the shop's clients and over random ones, with
 * which the sum of the estimates is 1.02 to 1.03 times the heap that was used (docs/decisions/049).
 */
const bytesOf = { program: 2_500, field: 620, fetch: 1_200, required: 400, character: 2 };

/** Counts the nodes of a document with operations, to estimate its memory. */
export function countNodes(node: ASTNode): number {
  const members = node as unknown as Readonly<Record<string, ASTNode | readonly ASTNode[] | undefined>>;
  let count = 1;
  for (const name of ['name', 'alias']) if (typeof members[name] === 'object') count += 1;
  for (const name of nodeMembers[node.kind] ?? []) {
    const member = members[name];
    if (member === undefined) continue;
    if (!Array.isArray(member)) count += countNodes(member as ASTNode);
    else for (const item of member as readonly ASTNode[]) count += countNodes(item);
  }
  return count;
}

/** Estimates the bytes of a program before it has written an answer. */
export function estimateProgram(plan: PlanNode | undefined): number {
  return bytesOf.program + (plan === undefined ? 0 : estimatePlan(plan));
}

/** Estimates the bytes of functions that write so many fields. */
export const estimateFields = (fields: number): number => fields * bytesOf.field;

function estimatePlan(node: PlanNode): number {
  switch (node.kind) {
    case 'fetch':
      return (
        bytesOf.fetch +
        node.operation.length * bytesOf.character +
        countRequired(node.requires ?? []) * bytesOf.required
      );
    case 'condition':
      return [node.ifTrue, node.ifFalse].reduce(
        (sum, child) => sum + (child === undefined ? 0 : estimatePlan(child)),
        0,
      );
    default:
      return node.nodes.reduce((sum, child) => sum + estimatePlan(child), 0);
  }
}

function countRequired(selections: readonly RequiredSelection[]): number {
  return selections.reduce((sum, { selections: below }) => sum + 1 + countRequired(below ?? []), 0);
}
