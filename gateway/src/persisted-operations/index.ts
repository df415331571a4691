export { freeTextHeader } from './free-text-header.ts';
export { createPersistedOperationsStage } from './stage.ts';
export { listOperationNames } from './read-manifests.ts';
