import { InMemoryLRUCache, type KeyValueCache } from '@apollo/utils.keyvaluecache';
import type { DocumentNode } from 'graphql';

/**
 * Apollo Server's store of parsed documents, with some that stay whatever else is asked for.
 *
 * @param kept gives them by the SHA-256 of their text, which is what ends the key
 */
export function createDocumentStore(kept: () => ReadonlyMap<string, DocumentNode>): KeyValueCache<DocumentNode> {
  const others = new InMemoryLRUCache<DocumentNode>();
  return {
    get: async (key) => kept().get(key.slice(-64)) ?? others.get(key),
    set: (key, document, options) => others.set(key, document, options),
    delete: async (key) => void (await others.delete(key)),
  };
}
