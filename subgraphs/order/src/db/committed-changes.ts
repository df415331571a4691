import { noteChange } from '@shop/subgraph';
import type { OrderEventType } from '../domain/order-status.ts';
import type { Transaction } from './database.ts';

/** A change that a transaction has committed, for those who measure. */
export type CommittedChange =
  | { readonly kind: 'step'; readonly type: OrderEventType; readonly secondsSincePlaced: number }
  | { readonly kind: 'payment'; readonly status: string }
  | { readonly kind: 'refund' };

/** Notes a change. Those who listen to the database learn of it once it is committed. */
export function noteCommitted(tx: Transaction, change: CommittedChange): void {
  noteChange(tx, change);
}
