import { valueFromASTUntyped, type FieldNode } from 'graphql';
import type { InputCost } from '../supergraph/index.ts';
import type { ObservedVariables } from './estimate-list-size.ts';
import type { CostedField } from './field-costs.ts';
import { saturate } from './saturate.ts';

/** The cost of the arguments that are given: their own, and that of each member of an input. Null and absent cost nothing. */
export function estimateArguments(node: FieldNode, field: CostedField, variables: ObservedVariables): number {
  const { argumentCosts } = field.cost;
  if (argumentCosts.size === 0) return 0;
  let total = 0;
  for (const { name, value } of node.arguments ?? []) {
    const cost = argumentCosts.get(name.value);
    if (cost !== undefined) total = saturate(total + weighInput(valueFromASTUntyped(value, variables.readAll()), cost));
  }
  return total;
}

function weighInput(value: unknown, { weight, members }: InputCost): number {
  if (value == null) return 0;
  if (Array.isArray(value))
    return value.reduce<number>((total, item) => saturate(total + weighInput(item, { weight, members })), 0);
  let total = weight;
  if (typeof value !== 'object') return total;
  for (const [name, member] of members)
    if (Object.hasOwn(value, name))
      total = saturate(total + weighInput((value as Record<string, unknown>)[name], member));
  return total;
}
