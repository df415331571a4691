import type { CompleteFields } from '@shop/subgraph';
import { countAvailable } from '../domain/stock.ts';
import { readLedger } from '../use-cases/read-ledger.ts';
import type { InventoryResolvers } from './schema-types.ts';

export const Inventory = {
  available: countAvailable,
  movements: ({ productId }, args, context) => readLedger(context, productId, args),
} satisfies CompleteFields<InventoryResolvers>;
