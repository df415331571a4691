import { isTransientDatabaseError } from '@shop/messaging';
import { retryLost, readSqlState, type RawSqlClient } from '@shop/subgraph';
import type { CatalogueProduct } from '../domain/price-order.ts';
import { loadCatalogue } from './catalogue.ts';
import { coalesce, type CoalesceOptions } from './coalesce.ts';
import { insertOrders, type NewOrder, type Written } from './new-orders.ts';
import { loadOrdersByKeys, type OrderByKey, type OrderKey } from './orders.ts';

/** Statements that concurrent requests of this process share: one round trip and one commit serve many of them. */
export interface SharedStatements {
  /** The copy of the catalogue: at least those of the products that it has. */
  loadCatalogue(productIds: readonly string[]): Promise<ReadonlyMap<string, CatalogueProduct>>;
  insertOrder(order: NewOrder): Promise<Written>;
  /** The order that a customer placed with a key. */
  loadOrderByKey(key: OrderKey): Promise<OrderByKey | null>;
}

/** Planning the statement that writes orders costs as much as writing ten: 64 at once take an eighth of what they take one by one. */
const limits: CoalesceOptions = { inFlight: 2, batch: 64, waiting: 4_096 };

export function shareStatements(client: RawSqlClient): SharedStatements {
  return {
    loadCatalogue: coalesce(async (asked: readonly (readonly string[])[]) => {
      const products = await loadCatalogue(client, [...new Set(asked.flat())]);
      return asked.map(() => products);
    }, limits),
    insertOrder: coalesce((orders: readonly NewOrder[]) => insertTogether(client, orders), limits),
    loadOrderByKey: coalesce((keys: readonly OrderKey[]) => loadOrdersByKeys(client, keys), limits),
  };
}

async function insertTogether(client: RawSqlClient, orders: readonly NewOrder[]): Promise<(Written | Error)[]> {
  try {
    const written = await retryLost(() => insertOrders(client, orders));
    return orders.map(({ order }) => written.get(order.id) ?? new Error(`nothing became of order ${order.id}`));
  } catch (error) {
    if (orders.length === 1 || !isRefusal(error)) throw error;
    return insertOneByOne(client, orders);
  }
}

/** One order that PostgreSQL refuses takes no other with it. */
async function insertOneByOne(client: RawSqlClient, orders: readonly NewOrder[]): Promise<(Written | Error)[]> {
  const outcomes: (Written | Error)[] = [];
  for (const order of orders) {
    outcomes.push(...(await insertTogether(client, [order]).catch((error: Error) => [error])));
  }
  return outcomes;
}

const QUERY_CANCELED = '57014';

/** Whether PostgreSQL answered that it does not take what it was sent. While it is away or stuck, no order fares better alone. */
function isRefusal(error: unknown): boolean {
  const sqlState = readSqlState(error);
  return sqlState !== undefined && sqlState !== QUERY_CANCELED && !isTransientDatabaseError(error);
}
