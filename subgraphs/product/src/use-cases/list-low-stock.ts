import { buildConnection, countLazily, parsePage, type PageArguments } from '@shop/subgraph';
import { z } from 'zod';
import { countLowStock, listLowStock as readLowStock } from '../db/low-stock.ts';
import type { Dependencies } from './dependencies.ts';

const cursor = z.tuple([z.string().regex(/^\d{1,10}$/), z.uuid()]);

/** Lists products on sale with at most `threshold` available units, fewest first. */
export async function listLowStock(
  { database }: Dependencies,
  { threshold, ...args }: PageArguments & { readonly threshold: number },
) {
  const page = parsePage(args, cursor);
  const rows = await readLowStock(database, threshold, page);
  return {
    ...buildConnection(rows, page, ({ sortKey, id }) => [sortKey ?? '', id]),
    ...countLazily((limit) => countLowStock(database, threshold, limit)),
  };
}
