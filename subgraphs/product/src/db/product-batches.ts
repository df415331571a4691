import type { Product } from '../domain/product.ts';
import type { Stock } from '../domain/stock.ts';
import type { Transaction } from './database.ts';

/** Inserts many products, each with an empty stock, in one statement a table. */
export async function insertProducts(tx: Transaction, products: readonly Product[]): Promise<Stock[]> {
  const stocks = products.map(({ id }) => ({ productId: id, onHand: 0, reserved: 0, sequence: 0 }));
  await tx.product.createMany({ data: [...products] });
  await tx.stock.createMany({ data: stocks });
  return stocks;
}
