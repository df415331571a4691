import type { Logger } from '@shop/process';
import type { DocumentNode } from 'graphql';
import type { Stage } from '../stage.ts';
import { createDocumentStore } from './document-store.ts';
import { prepareDocuments } from './prepare-documents.ts';
import { readManifests } from './read-manifests.ts';
import { servePersistedOperations } from './serve-persisted-operations.ts';

/**
 * Serves operations of manifests by their ids.
 *
 * @param options.mode `log` also serves other operations and logs each of them once; `enforce` rejects them
 * @param options.files the manifests
 * @param options.maxTokens of a document
 * @throws Error that names a manifest which cannot be read
 */
export function createPersistedOperationsStage(options: {
  mode: 'off' | 'log' | 'enforce';
  files: readonly string[];
  isProduction: boolean;
  maxTokens: number;
  logger: Logger;
}): Stage {
  const { mode, files, isProduction, maxTokens, logger } = options;
  const manifest = readManifests(mode === 'off' ? [] : files);
  let documents: ReadonlyMap<string, DocumentNode> = new Map();
  return {
    name: 'persisted operations',
    apollo: {
      // Any client could add to Apollo Server's own persisted queries. These come from a manifest only.
      persistedQueries: false,
      documentStore: createDocumentStore(() => documents),
    },
    prepareSchema(schema) {
      documents = prepareDocuments(manifest, { schema, introspection: !isProduction, maxTokens, logger });
    },
    ...(mode === 'off'
      ? {}
      : { plugin: servePersistedOperations({ mode, manifest, isProduction, maxTokens, logger }) }),
  };
}
