import { readArguments } from '@shop/access';
import { Kind, type FieldDefinitionNode, type TypeDefinitionNode } from 'graphql';
import { readTypeName } from './type-nodes.ts';

/** Bytes of a value in JSON. A text is assumed to have 50 characters of one byte each; `@assumedLength` says so where it has more. */
const scalarBytes: ReadonlyMap<string, number> = new Map([
  ['Boolean', 5],
  ['Int', 11],
  ['Float', 22],
  ['ID', 38], // a UUID
  ['DateTime', 26],
  ['MinorUnits', 16],
]);
const textBytes = 52;
const quotes = 2;

/** Bytes of an object without its fields. */
export const objectBytes = 3;

/** Bytes of one value of a built-in scalar, or of another type about which the schema says nothing. */
export const findScalarBytes = (type: string): number => scalarBytes.get(type) ?? textBytes;

/**
 * Reads how many bytes one value of a field takes in an answer.
 *
 * @param assumedLength the name of `@assumedLength` in the supergraph, if it is used
 */
export function createSizeReader(
  definitions: readonly TypeDefinitionNode[],
  assumedLength: string | undefined,
): (field: FieldDefinitionNode) => number {
  const byType = new Map(
    definitions.map((node) => [
      node.name.value,
      node.kind === Kind.SCALAR_TYPE_DEFINITION
        ? findScalarBytes(node.name.value)
        : node.kind === Kind.ENUM_TYPE_DEFINITION
          ? Math.max(0, ...(node.values ?? []).map(({ name }) => name.value.length)) + quotes
          : objectBytes,
    ]),
  );
  return ({ directives, type }) => {
    const node = directives?.find(({ name }) => name.value === assumedLength);
    const { characters } = node === undefined ? {} : readArguments<{ characters: unknown }>(node);
    if (typeof characters === 'number') return Math.max(characters, 0) + quotes;
    const name = readTypeName(type);
    return byType.get(name) ?? findScalarBytes(name);
  };
}
