export { reconcile } from './reconcile/reconcile.ts';
export type { ReconcileOptions, Reconciliation } from './reconcile/reconcile.ts';
