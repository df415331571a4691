import { appendToOutbox } from '@shop/messaging';
import { sqlOver } from '@shop/subgraph';
import type { Transaction } from '../db/database.ts';
import { insertProducts } from '../db/products.ts';
import { recordMovements } from '../db/stock-movements.ts';
import { insertEmptyStocks } from '../db/stocks.ts';
import type { Product } from '../domain/product.ts';
import { receive, type Stock } from '../domain/stock.ts';
import { inventoryWasUpdated, productWasCreated } from '../events/outgoing.ts';

/** A product that does not exist yet, and its first units. */
export interface NewProduct {
  readonly product: Product;
  readonly initialStock: number;
}

/** Inserts any number of products with their first stock in the ledger, with one statement per table. */
export async function insertWithStock(
  tx: Transaction,
  newProducts: readonly NewProduct[],
  { actorId, at }: { readonly actorId: string | null; readonly at: Date },
): Promise<void> {
  if (newProducts.length === 0) return;
  await insertProducts(
    tx,
    newProducts.map(({ product, initialStock }) => ({ ...product, inStock: initialStock > 0 })),
  );
  const empty = await insertEmptyStocks(
    tx,
    newProducts.map(({ product }) => product),
  );
  const movements = newProducts.flatMap(({ initialStock }, index) =>
    initialStock > 0 ? [receive(empty[index] as Stock, initialStock)] : [],
  );
  await recordMovements(tx, movements, { reason: 'Initial stock', actorId, at });
  const filled = new Map(movements.map(({ after }) => [after.productId, after]));
  await appendToOutbox(
    sqlOver(tx),
    newProducts.flatMap(({ product }, index) => [
      productWasCreated(product),
      inventoryWasUpdated(filled.get(product.id) ?? (empty[index] as Stock)),
    ]),
  );
}
