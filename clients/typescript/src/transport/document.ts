import type { PersistedDocument } from '@urql/core';
import type { AnyOperation } from '../operation.ts';

/**
 * An operation as urql takes it, so that it neither parses nor prints: the text goes out as it is here, to the byte. Its
 * selections are left out, for nobody reads them; a cache that does needs the document parsed.
 */
export function documentOf({ name, type, id, body }: AnyOperation): PersistedDocument {
  return {
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
  } as unknown as PersistedDocument;
}
