import type { OrderStatus, PaymentStatus } from '@shop/client';
import type { ArchivedAccount, ArchivedSession, UnhandledEvent } from '../manifest.ts';

/** Facts about the scenario that the data directory does not contain. */
export interface Notes {
  readonly accounts: ArchivedAccount[];
  readonly sessions: ArchivedSession[];
  readonly orders: NotedOrder[];
  readonly unhandled: UnhandledEvent[];
}

/** An order and its expected state after the upgrade, without its state in the archive. */
export interface NotedOrder {
  readonly id: string;
  readonly purpose: string;
  readonly expected?: {
    readonly status?: OrderStatus;
    readonly customer?: null;
    readonly addedHistory?: readonly string[];
    readonly payments?: readonly PaymentStatus[];
  };
}

/** Records an order, and returns its id. */
export type NoteOrder = (purpose: string, id: string, expected?: NotedOrder['expected']) => string;

export function createNotes(): Notes & { readonly note: NoteOrder } {
  const orders: NotedOrder[] = [];
  return {
    accounts: [],
    sessions: [],
    orders,
    unhandled: [],
    note: (purpose, id, expected) => {
      orders.push({ id, purpose, ...(expected === undefined ? {} : { expected }) });
      return id;
    },
  };
}
