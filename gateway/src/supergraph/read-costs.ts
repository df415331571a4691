import { readArguments, type Link } from '@shop/access';
import {
  Kind,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type TypeDefinitionNode,
} from 'graphql';
import type { FieldCost, ListSize } from './model.ts';
import { createInputCostReader } from './read-input-costs.ts';
import { createSizeReader } from './read-sizes.ts';
import { findShopDirective } from './shop-directives.ts';
import { hasList, readTypeName } from './type-nodes.ts';

/** The work of a mutation itself, such as a transaction or a password hash, in addition to the objects that it returns. */
const mutationWeight = 10;

/**
 * Reads `@listSize`, `@assumedLength`, and `@cost` on fields, types, arguments and members of inputs. Without `@cost` an object weighs
 * 1, a scalar 0 and a mutation 10.
 *
 * @param mutation the name of the mutation type
 */
export function createCostReader(
  definitions: readonly TypeDefinitionNode[],
  links: readonly Link[],
  mutation: string,
): { readField(type: string, field: FieldDefinitionNode): FieldCost } {
  const link = links.find(({ specification }) => specification === 'cost');
  const find = (directives: readonly ConstDirectiveNode[] = [], name: string) =>
    link && directives.find((node) => node.name.value === link.getDirectiveName(name));
  const readWeight = (directives: readonly ConstDirectiveNode[] | undefined) => {
    const node = find(directives, 'cost');
    const { weight } = node === undefined ? {} : readArguments<{ weight: unknown }>(node);
    // A negative weight would let an operation pay for another part of itself.
    return weight === undefined ? undefined : Math.max(Number(weight), 0);
  };
  const typeWeights = new Map(
    definitions.map((node) => [node.name.value, readWeight(node.directives) ?? (isComposite(node) ? 1 : 0)]),
  );
  const readInputCosts = createInputCostReader(definitions, ({ directives }) => readWeight(directives) ?? 0);
  const readBytes = createSizeReader(definitions, findShopDirective(links, 'assumedLength'));

  return {
    readField(type, field) {
      const listSize = find(field.directives, 'listSize');
      const preset = type === mutation ? mutationWeight : typeWeights.get(readTypeName(field.type));
      return {
        weight: readWeight(field.directives) ?? preset ?? 0,
        isList: hasList(field.type),
        listSize: listSize === undefined ? undefined : readListSize(listSize),
        argumentDefaults: new Map(
          (field.arguments ?? []).flatMap(({ name, defaultValue }) =>
            defaultValue === undefined ? [] : [[name.value, valueFromASTUntyped(defaultValue)]],
          ),
        ),
        argumentCosts: readInputCosts(field.arguments),
        bytes: readBytes(field),
      };
    },
  };
}

function isComposite({ kind }: TypeDefinitionNode): boolean {
  return (
    kind === Kind.OBJECT_TYPE_DEFINITION ||
    kind === Kind.INTERFACE_TYPE_DEFINITION ||
    kind === Kind.UNION_TYPE_DEFINITION
  );
}

function readListSize(node: ConstDirectiveNode): ListSize {
  const { assumedSize, slicingArguments, sizedFields } = readArguments<Record<keyof ListSize, unknown>>(node);
  return {
    assumedSize: typeof assumedSize === 'number' ? assumedSize : undefined,
    slicingArguments: (slicingArguments ?? []) as string[],
    sizedFields: (sizedFields ?? []) as string[],
  };
}
