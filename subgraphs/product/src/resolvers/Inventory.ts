import type { PageArguments } from '@shop/service';
import type { Context } from '../context.ts';
import { availableOf, type Stock } from '../domain/stock.ts';
import { readLedger } from '../use-cases/read-ledger.ts';

export const Inventory = {
  available: availableOf,
  movements: ({ productId }: Stock, args: PageArguments, context: Context) => readLedger(context, productId, args),
};
