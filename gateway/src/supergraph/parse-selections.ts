import { Kind, parse, type SelectionSetNode } from 'graphql';

/** Parses a selection set without its outer braces, such as that of a key or of a requirement: `sku region { code }`. */
export function parseSelections(text: string): SelectionSetNode {
  const [operation] = parse(`{ ${text} }`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`"${text}" is not a selection of fields.`);
  return operation.selectionSet;
}
