import { isTransientDatabaseError } from '@shop/messaging';
import { coalesce, type CoalesceOptions, retryLost, readSqlState, type RawSqlClient, shareLoads } from '@shop/subgraph';
import type { OrderLimits } from '../domain/order-limits.ts';
import type { CatalogueProduct } from '../domain/price-order.ts';
import type { Order, OrderLine } from '../domain/order.ts';
import { loadCatalogue } from './catalogue.ts';
import { insertOrders, type NewOrder, type Written } from './new-orders.ts';
import type { OrderEvent } from './generated/client.ts';
import { loadHistory, loadLines, loadOrders, loadOrdersByKeys, type OrderByKey, type OrderKey } from './orders.ts';

/** Statements that concurrent requests of this process share. One round trip and one commit serve many requests. */
export interface SharedStatements {
  /** Loads at least these products from the copy of the catalogue, if it has them. */
  loadCatalogue(productIds: readonly string[]): Promise<ReadonlyMap<string, CatalogueProduct>>;
  loadOrders(ids: readonly string[]): Promise<ReadonlyMap<string, Order>>;
  /** The lines of orders by the id of the order, and the history. */
  loadLines(orderIds: readonly string[]): Promise<ReadonlyMap<string, OrderLine[]>>;
  loadHistory(orderIds: readonly string[]): Promise<ReadonlyMap<string, OrderEvent[]>>;
  /** `limits` are those of the order's customer. */
  insertOrder(order: NewOrder, limits: OrderLimits): Promise<Written>;
  /** Loads the order that a customer placed with a key. */
  loadOrderByKey(key: OrderKey): Promise<OrderByKey | null>;
}

/**
 * Planning the insert costs as much as inserting ten orders. 64 orders in one statement take an eighth of the time of
 * 64 statements.
 */
const limits: Omit<CoalesceOptions, 'name'> = { inFlight: 2, batch: 64, waiting: 4_096 };

export function shareStatements(client: RawSqlClient): SharedStatements {
  const insert = coalesce((asked: readonly AskedOrder[]) => insertAsked(client, asked), {
    name: 'insert orders',
    ...limits,
  });
  return {
    loadCatalogue: shareLoads((productIds) => loadCatalogue(client, productIds), 'load catalogue'),
    loadOrders: shareLoads((ids) => loadOrders(client, ids), 'load orders'),
    loadLines: shareLoads((orderIds) => loadLines(client, orderIds), 'load lines'),
    loadHistory: shareLoads((orderIds) => loadHistory(client, orderIds), 'load history'),
    insertOrder: (order, orderLimits) =>
      insert({ order, limits: Object.keys(orderLimits).length === 0 ? null : orderLimits }),
    loadOrderByKey: coalesce((keys: readonly OrderKey[]) => loadOrdersByKeys(client, keys), {
      name: 'load orders by keys',
      ...limits,
    }),
  };
}

interface AskedOrder {
  readonly order: NewOrder;
  readonly limits: OrderLimits | null;
}

/** Orders of one customer go into different statements when they have limits: a statement counts only what was there before it. */
async function insertAsked(client: RawSqlClient, asked: readonly AskedOrder[]): Promise<(Written | Error)[]> {
  const [orderLimits = null] = asked.map(({ limits: each }) => each);
  const orders = asked.map(({ order }) => order);
  if (orderLimits === null) return insertTogether(client, orders, null);
  const outcomes = new Map<NewOrder, Written | Error>();
  for (const round of splitByCustomer(orders)) {
    const results = await insertTogether(client, round, orderLimits);
    round.forEach((order, index) => outcomes.set(order, results[index] as Written | Error));
  }
  return orders.map((order) => outcomes.get(order) as Written | Error);
}

/** Splits orders into rounds with one order of each customer, in the order in which they came. */
function splitByCustomer(orders: readonly NewOrder[]): NewOrder[][] {
  const rounds: NewOrder[][] = [];
  const counts = new Map<string, number>();
  for (const order of orders) {
    const round = counts.get(order.customerId) ?? 0;
    counts.set(order.customerId, round + 1);
    (rounds[round] ??= []).push(order);
  }
  return rounds;
}

async function insertTogether(
  client: RawSqlClient,
  orders: readonly NewOrder[],
  orderLimits: OrderLimits | null,
): Promise<(Written | Error)[]> {
  try {
    const written = await retryLost(() => insertOrders(client, orders, orderLimits));
    return orders.map(
      ({ order }) =>
        written.get(order.id) ??
        new Error(`Order ${order.id} was not written: the statement returned no result for it.`),
    );
  } catch (error) {
    if (orders.length === 1 || !isRefusal(error)) throw error;
    return insertOneByOne(client, orders, orderLimits);
  }
}

/** An order that PostgreSQL rejects does not fail the others: each is retried on its own. */
async function insertOneByOne(
  client: RawSqlClient,
  orders: readonly NewOrder[],
  orderLimits: OrderLimits | null,
): Promise<(Written | Error)[]> {
  const outcomes: (Written | Error)[] = [];
  for (const order of orders) {
    outcomes.push(...(await insertTogether(client, [order], orderLimits).catch((error: Error) => [error])));
  }
  return outcomes;
}

const QUERY_CANCELED = '57014';

/**
 * Returns whether PostgreSQL rejected the data. If it is unavailable instead, retrying each order on its own would
 * not help.
 */
function isRefusal(error: unknown): boolean {
  const sqlState = readSqlState(error);
  return sqlState !== undefined && sqlState !== QUERY_CANCELED && !isTransientDatabaseError(error);
}
