import { createHash } from 'node:crypto';
import { print, stripIgnoredCharacters } from 'graphql';
import { type OperationFile, type OperationSource, splitOperations } from '../../graph/operations.ts';

/** An operation with the text that a client sends. */
export interface PersistedOperation extends OperationSource {
  readonly type: 'query' | 'mutation' | 'subscription';
  /** The SHA-256 of `body`. */
  readonly id: string;
  /** The operation, then the fragments that it needs, without insignificant characters. */
  readonly body: string;
}

/**
 * Makes the text and the id of each operation. The client and the manifest must agree on both, so they share this
 * function.
 */
export function persistOperations(files: readonly OperationFile[]): PersistedOperation[] {
  return splitOperations(files).map((operation) => {
    const body = stripIgnoredCharacters(operation.document.definitions.map(print).join('\n'));
    const id = createHash('sha256').update(body).digest('hex');
    return { ...operation, type: operation.node.operation, id, body };
  });
}
