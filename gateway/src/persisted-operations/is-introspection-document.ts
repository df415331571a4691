import { Kind, parse } from 'graphql';
import { isIntrospection } from '../supergraph/index.ts';

/** True when a document asks only for the schema, as developers' tools do. */
export function isIntrospectionDocument(text: string, maxTokens: number): boolean {
  try {
    return parse(text, { maxTokens, noLocation: true }).definitions.every(
      (node) =>
        node.kind === Kind.FRAGMENT_DEFINITION ||
        (node.kind === Kind.OPERATION_DEFINITION &&
          node.selectionSet.selections.every(
            (field) => field.kind === Kind.FIELD && isIntrospection(field.name.value),
          )),
    );
  } catch {
    return false;
  }
}
