export { reconcile, type DatabaseUrls, type Reconciliation, type ReconcileOptions } from './reconcile.ts';
export type { Difference } from './difference.ts';
