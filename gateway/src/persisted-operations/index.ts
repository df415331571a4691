export { freeTextHeader } from './free-text-header.ts';
export { createPersistedOperationsStage } from './stage.ts';
