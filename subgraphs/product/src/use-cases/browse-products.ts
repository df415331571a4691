import { buildConnection, parsePage, type PageArguments } from '@shop/service';
import { z } from 'zod';
import { countProducts, listProducts } from '../db/products.ts';
import type { Dependencies } from './dependencies.ts';

const cursor = z.tuple([z.uuid()]);

/** One page of the products on sale, newest first. They are counted only when somebody asks how many. */
export async function browseProducts({ database }: Dependencies, args: PageArguments) {
  const page = parsePage(args, cursor);
  const rows = await listProducts(database, { limit: page.limit + 1, afterId: page.after?.[0] ?? null });
  return { ...buildConnection(rows, page, ({ id }) => [id]), totalCount: () => countProducts(database) };
}
