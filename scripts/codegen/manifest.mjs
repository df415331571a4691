import { documentsOf } from './documents-of.mjs';

/** Apollo's manifest of persisted operations, as its routers, servers and `rover persisted-queries publish` read it. */
export function manifestOf(sources) {
  const operations = documentsOf(sources)
    .map(({ id, name, type, body }) => ({ id, name, type, body }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return `${JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }, null, 2)}\n`;
}
