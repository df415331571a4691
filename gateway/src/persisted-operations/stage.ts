import type { KeyValueCache } from '@apollo/utils.keyvaluecache';
import type { Counter, Logger } from '@shop/process';
import type { DocumentNode } from 'graphql';
import type { Stage } from '../stage.ts';
import { createDocumentStore } from './document-store.ts';
import { prepareDocuments } from './prepare-documents.ts';
import { identify } from './identify.ts';
import { hashOperation, readManifests, type Manifest } from './read-manifests.ts';
import { servePersistedOperations } from './serve-persisted-operations.ts';

/**
 * Serves operations of manifests by their ids.
 *
 * @param options.mode `log` also serves other operations and logs each of them once; `enforce` rejects them
 * @param options.files the manifests
 * @param options.maxTokens of a document
 * @param options.documentStore keeps the parsed documents that are not persisted
 * @param options.lookups counts the lookups of parsed documents by result; default: nobody
 * @throws Error that names a manifest which cannot be read
 */
export function createPersistedOperationsStage(options: {
  mode: 'off' | 'log' | 'enforce';
  files: readonly string[];
  isProduction: boolean;
  maxTokens: number;
  documentStore: KeyValueCache<DocumentNode>;
  lookups?: Counter<'result'>;
  logger: Logger;
}): Stage {
  const { mode, files, isProduction, maxTokens, documentStore, lookups, logger } = options;
  const manifest = readManifests(mode === 'off' ? [] : files);
  let documents: ReadonlyMap<string, DocumentNode> = new Map();
  return {
    name: 'persisted operations',
    apollo: {
      // Any client could add to Apollo Server's own persisted queries. These come from a manifest only.
      persistedQueries: false,
      documentStore: createDocumentStore(() => documents, documentStore, lookups),
    },
    findText: createTextFinder(manifest, mode),
    readDocument: (text) => (documents.size === 0 ? undefined : documents.get(hashOperation(text))),
    prepareSchema(schema) {
      documents = prepareDocuments(manifest, { schema, introspection: !isProduction, maxTokens, logger });
    },
    ...(mode === 'off'
      ? {}
      : { plugin: servePersistedOperations({ mode, manifest, isProduction, maxTokens, logger }) }),
  };
}

function createTextFinder(manifest: Manifest, mode: 'off' | 'log' | 'enforce'): NonNullable<Stage['findText']> {
  if (mode === 'off') return ({ query, persistedQuery }) => (persistedQuery == null ? query : undefined);
  const bodies = new Set([...manifest.values()].map(({ body }) => body));
  return ({ query, persistedQuery }) => {
    if (persistedQuery == null) return query !== undefined && bodies.has(query) ? query : undefined;
    const found = query === undefined ? identify(query, persistedQuery, { manifest, isClosed: true }) : undefined;
    return found?.kind === 'listed' ? found.body : undefined;
  };
}
