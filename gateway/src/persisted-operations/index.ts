export { createDocumentStore } from './document-store.ts';
export { persistedOperations } from './persisted-operations.ts';
export { prepareDocuments } from './prepare-documents.ts';
export { readManifests, type Manifest, type PersistedOperation } from './read-manifests.ts';
export { freeTextHeader } from './free-text-header.ts';
