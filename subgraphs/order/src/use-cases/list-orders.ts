import { buildConnection, hasScope, parsePage, type PageArguments, type Viewer } from '@shop/service';
import { z } from 'zod';
import { countOrders, listOrders as listRows } from '../db/orders.ts';
import type { Dependencies } from './dependencies.ts';

const cursor = z.tuple([z.uuid()]);

/** One page of a customer's orders, newest first; null for whoever may not see them. */
export async function listOrders({ database }: Dependencies, customerId: string, args: PageArguments, viewer: Viewer) {
  if (viewer.userId !== customerId && !hasScope(viewer, 'order:read')) return null;
  const page = parsePage(args, cursor);
  const rows = await listRows(database, customerId, { limit: page.limit + 1, afterId: page.after?.[0] ?? null });
  return { ...buildConnection(rows, page, ({ id }) => [id]), totalCount: () => countOrders(database, customerId) };
}
