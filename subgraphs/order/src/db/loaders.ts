import DataLoader from 'dataloader';
import type { Order, OrderLine } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';
import type { Database } from './database.ts';
import type { OrderEvent } from './generated/client.ts';
import { toLine, toOrder } from './order-rows.ts';
import { loadPayments } from './payments.ts';

export type { OrderEvent };

export function createOrderLoader({ client }: Database) {
  return new DataLoader<string, Order | null>(async (ids) => {
    const rows = await client.order.findMany({ where: { id: { in: [...ids] } } });
    const byId = new Map(rows.map((row) => [row.id, toOrder(row)]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

export function createLineLoader({ client }: Database) {
  return new DataLoader<string, OrderLine[]>(async (orderIds) => {
    const rows = await client.orderItem.findMany({
      where: { orderId: { in: [...orderIds] } },
      orderBy: { position: 'asc' },
    });
    const byOrder = groupByOrder(rows);
    return orderIds.map((id) => (byOrder.get(id) ?? []).map(toLine));
  });
}

export function createHistoryLoader({ client }: Database) {
  return new DataLoader<string, OrderEvent[]>(async (orderIds) => {
    const rows = await client.orderEvent.findMany({
      where: { orderId: { in: [...orderIds] } },
      orderBy: { sequence: 'asc' },
    });
    const byOrder = groupByOrder(rows);
    return orderIds.map((id) => byOrder.get(id) ?? []);
  });
}

export function createPaymentLoader({ client }: Database) {
  return new DataLoader<string, Payment[]>(async (orderIds) => {
    const byOrder = groupByOrder(await loadPayments(client, orderIds));
    return orderIds.map((id) => byOrder.get(id) ?? []);
  });
}

function groupByOrder<Row extends { orderId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.orderId);
    if (group) group.push(row);
    else groups.set(row.orderId, [row]);
  }
  return groups;
}
