import { buildConnection, countLazily, parsePage, type PageArguments } from '@shop/subgraph';
import { z } from 'zod';
import { countMovements, listMovements } from '../db/stock-movements.ts';
import type { Dependencies } from './dependencies.ts';

const cursor = z.tuple([z.string().regex(/^\d{1,9}$/)]);

/** Reads one page of a product's stock ledger, newest first. */
export async function readLedger({ database }: Dependencies, productId: string, args: PageArguments) {
  const page = parsePage(args, cursor);
  const before = page.after ? Number(page.after[0]) : null;
  const rows = await listMovements(database, productId, { limit: page.limit + 1, before });
  return {
    ...buildConnection(rows, page, ({ sequence }) => [String(sequence)]),
    ...countLazily((limit) => countMovements(database, productId, limit)),
  };
}
