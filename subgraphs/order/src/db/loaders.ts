import DataLoader from 'dataloader';
import { groupByParent, Loader } from '@shop/subgraph';
import type { Order } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';
import type { Database } from './database.ts';
import { loadPayments } from './payments.ts';

export type { OrderEvent } from './generated/client.ts';

export function createOrderLoader({ shared }: Database) {
  return new DataLoader<string, Order | null>(async (ids) => {
    const byId = await shared.loadOrders(ids);
    return ids.map((id) => byId.get(id) ?? null);
  });
}

export const createLineLoader = ({ shared }: Database) => createListLoader(shared.loadLines);
export const createHistoryLoader = ({ shared }: Database) => createListLoader(shared.loadHistory);
export const createPaymentLoader = ({ client }: Database) =>
  createListLoader<Payment>(async (orderIds) =>
    groupByParent(orderIds, await loadPayments(client, orderIds), ({ orderId }) => orderId),
  );

/** Creates a loader of lists by the id of their order. */
function createListLoader<Row>(load: (orderIds: readonly string[]) => Promise<ReadonlyMap<string, Row[]>>) {
  return new Loader<string, Row[]>(async (orderIds) => {
    const byOrder = await load(orderIds);
    return orderIds.map((id) => byOrder.get(id) ?? []);
  });
}
