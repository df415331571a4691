import { buildConnection, parsePage, type PageArguments } from '@shop/service';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { countProducts, listProducts } from '../../db/products.ts';

const cursor = z.tuple([z.uuid()]);

export async function products(_root: unknown, args: PageArguments, { database }: Context) {
  const page = parsePage(args, cursor);
  const rows = await listProducts(database, { limit: page.limit + 1, afterId: page.after?.[0] ?? null });
  return {
    ...buildConnection(rows, page, ({ id }) => [id]),
    totalCount: () => countProducts(database),
  };
}
