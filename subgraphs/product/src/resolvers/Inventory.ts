import { buildConnection, parsePage, type PageArguments } from '@shop/service';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { countMovements, listMovements } from '../db/stock-movements.ts';
import { availableOf, type Stock } from '../domain/stock.ts';

const cursor = z.tuple([z.string().regex(/^\d{1,9}$/)]);

export const Inventory = {
  available: availableOf,
  movements: async ({ productId }: Stock, args: PageArguments, { database }: Context) => {
    const page = parsePage(args, cursor);
    const before = page.after ? Number(page.after[0]) : null;
    const rows = await listMovements(database, productId, { limit: page.limit + 1, before });
    return {
      ...buildConnection(rows, page, ({ sequence }) => [String(sequence)]),
      totalCount: () => countMovements(database, productId),
    };
  },
};
