import { Kind, type InputValueDefinitionNode, type TypeDefinitionNode } from 'graphql';
import type { InputCost } from './model.ts';
import { readTypeName } from './type-nodes.ts';

/** Reads what the arguments of a field cost. Inputs may contain themselves; what costs nothing is left out. */
export function createInputCostReader(
  definitions: readonly TypeDefinitionNode[],
  readWeight: (input: InputValueDefinitionNode) => number,
): (inputs: readonly InputValueDefinitionNode[] | undefined) => ReadonlyMap<string, InputCost> {
  const byType = new Map<string, Map<string, InputCost>>();
  const read = (inputs: readonly InputValueDefinitionNode[] = []): [string, InputCost][] =>
    inputs.map((input) => {
      const members = byType.get(readTypeName(input.type)) ?? new Map<string, InputCost>();
      return [input.name.value, { weight: readWeight(input), members }];
    });

  const inputTypes = definitions.filter((node) => node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION);
  for (const { name } of inputTypes) byType.set(name.value, new Map());
  for (const { name, fields } of inputTypes)
    for (const [member, cost] of read(fields)) byType.get(name.value)?.set(member, cost);

  const isFree = ({ weight, members }: InputCost, seen: Set<unknown> = new Set()): boolean => {
    if (weight > 0) return false;
    if (seen.has(members)) return true;
    seen.add(members);
    return [...members.values()].every((member) => isFree(member, seen));
  };
  return (inputs) => new Map(read(inputs).filter(([, cost]) => !isFree(cost)));
}
