import { defaultPageSize } from '@shop/graphql';
import { valueFromASTUntyped, type FieldNode, type OperationDefinitionNode, type ValueNode } from 'graphql';
import type { FieldCost } from './read-costs.ts';
import { saturate } from './numbers.ts';

/** A list of which the schema says nothing. */
const unknownListSize = 10;

/** A list of introspection, such as a type's fields: below {@link unknownListSize}, since they nest five deep in every tool's document. */
const introspectionListSize = 5;

/** The values of an operation's variables, and whether one was looked at. */
export class Variables {
  wasRead = false;
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #presets = new Map<string, unknown>();

  constructor(operation: OperationDefinitionNode, given: Readonly<Record<string, unknown>> = {}) {
    this.#given = given;
    for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
      if (defaultValue !== undefined) this.#presets.set(variable.name.value, valueFromASTUntyped(defaultValue));
    }
  }

  read(name: string): unknown {
    this.wasRead = true;
    return Object.hasOwn(this.#given, name) ? this.#given[name] : this.#presets.get(name);
  }
}

/** How many things a field's list is expected to have: the largest of the slicing arguments, else what is assumed. */
export function listSizeOf(node: FieldNode, cost: FieldCost, variables: Variables): number {
  const { listSize } = cost;
  if (listSize === undefined) return cost.isIntrospection ? introspectionListSize : unknownListSize;
  const given = listSize.slicingArguments.flatMap((name) => {
    const argument = node.arguments?.find((each) => each.name.value === name);
    const value = argument === undefined ? undefined : read(argument.value, variables);
    // Whatever is no number is refused further on.
    const size = value === undefined ? cost.argumentDefaults.get(name) : value;
    return typeof size === 'number' && !Number.isNaN(size) ? [saturate(Math.max(size, 0))] : [];
  });
  if (given.length > 0) return Math.max(...given);
  return listSize.assumedSize ?? (listSize.slicingArguments.length > 0 ? defaultPageSize : unknownListSize);
}

function read(value: ValueNode, variables: Variables): unknown {
  return value.kind === 'Variable' ? variables.read(value.name.value) : valueFromASTUntyped(value);
}
