import type { OrderStatus, PaymentStatus } from '@shop/client';
import type { ArchivedAccount, ArchivedSession, UnhandledEvent } from '../manifest.ts';

/** What the scenario knows about the data directory, and the data directory does not say. */
export interface Notes {
  readonly accounts: ArchivedAccount[];
  readonly sessions: ArchivedSession[];
  readonly orders: NotedOrder[];
  readonly unhandled: UnhandledEvent[];
}

/** An order and what becomes of it after the upgrade. Left out: what it is in the archive. */
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

/** Writes an order down, and returns its id. */
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
