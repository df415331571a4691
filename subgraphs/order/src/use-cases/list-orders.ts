import { buildConnection, hasScope, parsePage, type PageArguments, type Viewer } from '@shop/service';
import DataLoader from 'dataloader';
import { z } from 'zod';
import { countOrders, listOrders as listRows } from '../db/orders.ts';
import type { Dependencies } from './dependencies.ts';

const cursor = z.tuple([z.uuid()]);

/** One page of a customer's orders, newest first; null for whoever may not see them. */
export async function listOrders({ database }: Dependencies, customerId: string, args: PageArguments, viewer: Viewer) {
  if (viewer.userId !== customerId && !hasScope(viewer, 'order:read')) return null;
  const page = parsePage(args, cursor);
  const rows = await listRows(database, customerId, { limit: page.limit + 1, afterId: page.after?.[0] ?? null });
  let count: Promise<number> | undefined;
  const totalCount = () => (count ??= countOrders(database, customerId));
  return { ...buildConnection(rows, page, ({ id }) => [id]), totalCount };
}

/** Which page, of whose orders. */
export interface OrderPageKey {
  readonly customerId: string;
  readonly args: PageArguments;
}

/**
 * Pages of orders for one request and its viewer. Every order leads to its customer and from there to the same orders
 * again: one page is read once, however often it is asked for.
 */
export function createOrderPageLoader(dependencies: Dependencies, viewer: Viewer) {
  return new DataLoader(
    (keys: readonly OrderPageKey[]) =>
      Promise.all(keys.map(({ customerId, args }) => listOrders(dependencies, customerId, args, viewer).catch((error: Error) => error))),
    { cacheKeyFn: ({ customerId, args }) => JSON.stringify([customerId, args.first ?? null, args.after ?? null]) },
  );
}
