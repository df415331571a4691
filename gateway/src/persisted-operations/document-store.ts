import type { KeyValueCache } from '@apollo/utils.keyvaluecache';
import type { Counter } from '@shop/process';
import type { DocumentNode } from 'graphql';

/**
 * Apollo Server's store of parsed documents. The persisted ones always stay in it.
 *
 * @param getPersisted returns the persisted documents by the SHA-256 of their text, which is the end of the key
 * @param others keeps the documents that are not persisted
 * @param lookups counts the lookups by result; default: nobody
 */
export function createDocumentStore(
  getPersisted: () => ReadonlyMap<string, DocumentNode>,
  others: KeyValueCache<DocumentNode>,
  lookups?: Counter<'result'>,
): KeyValueCache<DocumentNode> {
  return {
    async get(key) {
      const persisted = getPersisted().get(key.slice(-64));
      const found = persisted ?? (await others.get(key));
      lookups?.inc({ result: persisted !== undefined ? 'persisted' : found === undefined ? 'miss' : 'hit' });
      return found;
    },
    set: (key, document, options) => others.set(key, document, options),
    delete: async (key) => void (await others.delete(key)),
  };
}
