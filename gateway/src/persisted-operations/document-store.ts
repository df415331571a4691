import { InMemoryLRUCache, type KeyValueCache } from '@apollo/utils.keyvaluecache';
import type { DocumentNode } from 'graphql';

/**
 * Apollo Server's store of parsed documents. The persisted ones always stay in it.
 *
 * @param getPersisted returns the persisted documents by the SHA-256 of their text, which is the end of the key
 */
export function createDocumentStore(
  getPersisted: () => ReadonlyMap<string, DocumentNode>,
): KeyValueCache<DocumentNode> {
  const others = new InMemoryLRUCache<DocumentNode>();
  return {
    get: async (key) => getPersisted().get(key.slice(-64)) ?? others.get(key),
    set: (key, document, options) => others.set(key, document, options),
    delete: async (key) => void (await others.delete(key)),
  };
}
