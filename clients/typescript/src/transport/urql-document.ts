import type { PersistedDocument } from '@urql/core';
import type { AnyOperation } from '../operation.ts';

/**
 * The operation in the form that urql takes without parsing or printing it: the text is sent byte by byte as it is. The
 * document has no selections, since nothing here reads them. An exchange that does, such as a cache, must parse the text.
 */
export function toUrqlDocument({ name, type, id, body }: AnyOperation): PersistedDocument {
  const document = {
    kind: 'Document',
    documentId: id,
    definitions: [
      {
        kind: 'OperationDefinition',
        operation: type,
        name: { kind: 'Name', value: name },
        selectionSet: { kind: 'SelectionSet', selections: [] },
      },
    ],
    loc: { start: 0, end: body.length, source: { body, name, locationOffset: { line: 1, column: 1 } } },
  };
  // urql reads these members only; graphql-js' own type also asks for the enum of kinds and the tokens of a parsed text.
  return document as unknown as PersistedDocument;
}
