import { defaultPageSize } from '@shop/graphql';
import { valueFromASTUntyped, type FieldNode, type OperationDefinitionNode } from 'graphql';
import { addDefaults, type Variables } from '../supergraph/index.ts';
import type { CostedField } from './field-costs.ts';
import { saturate } from './saturate.ts';

/** The size of a list about which the schema says nothing. */
const unknownListSize = 10;

/** The size of a list of introspection, such as a type's fields. It is small, since every tool's document nests five of them. */
const introspectionListSize = 5;

/** The values of an operation's variables. Records whether one was read. */
export class ObservedVariables {
  wasRead = false;
  readonly #operation: OperationDefinitionNode;
  readonly #given: Variables | undefined;
  #values: Variables | undefined;

  constructor(operation: OperationDefinitionNode, given: Variables | undefined) {
    this.#operation = operation;
    this.#given = given;
  }

  read(name: string): unknown {
    const values = this.readAll();
    return Object.hasOwn(values, name) ? values[name] : undefined;
  }

  readAll(): Variables {
    this.wasRead = true;
    this.#values ??= addDefaults(this.#operation, this.#given);
    return this.#values;
  }
}

/** The expected size of a field's list: the largest slicing argument, otherwise the size that the schema assumes. */
export function estimateListSize(node: FieldNode, field: CostedField, variables: ObservedVariables): number {
  const { listSize, argumentDefaults } = field.cost;
  if (listSize === undefined) return field.isIntrospection === true ? introspectionListSize : unknownListSize;
  const given = listSize.slicingArguments.flatMap((name) => {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
    const size = value?.kind === 'Variable' ? variables.read(value.name.value) : value && valueFromASTUntyped(value);
    // Execution rejects anything that is not a number.
    const known = size === undefined ? argumentDefaults.get(name) : size;
    return typeof known === 'number' && !Number.isNaN(known) ? [saturate(Math.max(known, 0))] : [];
  });
  if (given.length > 0) return Math.max(...given);
  return listSize.assumedSize ?? (listSize.slicingArguments.length > 0 ? defaultPageSize : unknownListSize);
}
