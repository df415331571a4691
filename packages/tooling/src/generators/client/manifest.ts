import type { OperationFile } from '../../graph/operations.ts';
import { persistOperations } from './persisted-operation.ts';

/** Makes Apollo's manifest of persisted operations, which its routers, servers and `rover persisted-queries publish` read. */
export function generateManifest(files: readonly OperationFile[]): string {
  const operations = persistOperations(files)
    .map(({ id, name, type, body }) => ({ id, name, type, body }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return `${JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }, null, 2)}\n`;
}
