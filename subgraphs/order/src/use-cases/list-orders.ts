import { hasScope } from '@shop/access';
import { type Viewer } from '@shop/process';
import {
  buildConnection,
  type Connection,
  countLazily,
  countTogether,
  isUuid,
  type ListCounts,
  type PageArguments,
} from '@shop/subgraph';
import DataLoader from 'dataloader';
import { countOrders, countOrdersByCustomer, listOrders as listRows, listOrdersByCustomer } from '../db/order-list.ts';
import type { Order } from '../domain/order.ts';
import type { Dependencies } from './dependencies.ts';
import { toCursor, parseOrderPage, readCriteria, type OrderFilter } from './list-orders.input.ts';

type DatabaseOnly = Pick<Dependencies, 'database'>;

export interface ListOrders extends PageArguments {
  readonly filter?: OrderFilter | null | undefined;
}

/** A page of orders, newest first. Orders are counted only when the count is requested. */
export type OrderConnection = Connection<Order> & ListCounts;

/** Lists one page of all orders, or of one customer's if the filter says so. */
export async function listOrders(
  { database }: DatabaseOnly,
  { filter, ...args }: ListOrders,
): Promise<OrderConnection> {
  const customerId = filter?.customerId?.toLowerCase() ?? null;
  if (customerId !== null)
    return (await listCustomers({ database }, [customerId], { filter, ...args }))[0] as OrderConnection;
  const page = parseOrderPage(args);
  const criteria = readCriteria(filter);
  const rows = criteria ? await listRows(database, criteria, page) : [];
  return {
    ...buildConnection(rows, page, toCursor),
    ...countLazily(async (limit) => (criteria ? countOrders(database, criteria, limit) : 0)),
  };
}

/** Lists the same page for each of several customers, in the order of the customers. */
async function listCustomers(
  { database }: DatabaseOnly,
  customerIds: readonly string[],
  { filter, ...args }: ListOrders,
): Promise<OrderConnection[]> {
  const page = parseOrderPage(args);
  const criteria = readCriteria(filter);
  const wanted = filter?.customerId?.toLowerCase() ?? null;
  // An invalid id matches no customer.
  const asked = customerIds.filter((id) => isUuid(id) && (wanted === null || wanted === id));
  const lists = criteria && asked.length > 0 ? await listOrdersByCustomer(database, asked, criteria, page) : null;
  const countsOf = countTogether(async (limit) =>
    criteria && lists ? countOrdersByCustomer(database, asked, criteria, limit) : new Map<string, number>(),
  );
  return customerIds.map((id) => ({
    ...buildConnection(lists?.get(id) ?? [], page, toCursor),
    ...countsOf(id),
  }));
}

/** A page of one customer's orders. */
export interface OrderPageKey {
  readonly customerId: string;
  readonly args: ListOrders;
}

/**
 * Loads pages of customers' orders for one request. The result is null for a customer whose orders the viewer may not
 * see.
 * Every order leads to its customer and from there back to orders: each page is read once, and pages of several
 * customers are read together.
 */
export function createOrderPageLoader(dependencies: DatabaseOnly, viewer: Viewer) {
  const maySee = ({ customerId }: OrderPageKey) => viewer.userId === customerId || hasScope(viewer, 'order:read');
  return new DataLoader<OrderPageKey, OrderConnection | null, string>(
    async (keys) => {
      const pages = new Map<OrderPageKey, OrderConnection | Error>();
      const groups = new Map<string, OrderPageKey[]>();
      for (const key of keys.filter(maySee))
        groups.set(createPageKey(key.args), [...(groups.get(createPageKey(key.args)) ?? []), key]);
      await Promise.all(
        [...groups.values()].map(async (group) => {
          const [first] = group as [OrderPageKey];
          const connections = listCustomers(
            dependencies,
            group.map(({ customerId }) => customerId),
            first.args,
          );
          const found = await connections.catch((error: Error) => error);
          group.forEach((key, index) =>
            pages.set(key, found instanceof Error ? found : (found[index] as OrderConnection)),
          );
        }),
      );
      return keys.map((key) => pages.get(key) ?? null);
    },
    { cacheKeyFn: ({ customerId, args }) => `${customerId} ${createPageKey(args)}` },
  );
}

/** Creates a key that is equal for arguments of the same page. */
function createPageKey({ first, after, last, before, filter }: ListOrders): string {
  const { status, customerId, placedAfter, placedBefore } = filter ?? {};
  return JSON.stringify(
    [first, after, last, before, status, customerId, placedAfter, placedBefore].map((part) => part ?? null),
  );
}
