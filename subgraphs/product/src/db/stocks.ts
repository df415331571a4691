import { insertRows, Loader, rowTable, sqlOver } from '@shop/subgraph';
import type { Movement, Stock } from '../domain/stock.ts';
import type { Database, Transaction } from './database.ts';
import { Prisma } from './generated/client.ts';
import { stockColumns } from './rows-by-id.ts';

const table = rowTable('stocks', Prisma.StockScalarFieldEnum);

export function createStockLoader({ shared }: Database) {
  return new Loader<string, Stock | null>(async (productIds) => {
    const byProduct = await shared.loadStocks(productIds);
    return productIds.map((id) => byProduct.get(id) ?? null);
  });
}

export async function insertEmptyStocks(
  tx: Transaction,
  products: readonly { readonly id: string }[],
): Promise<Stock[]> {
  const stocks = products.map(({ id }) => ({ productId: id, onHand: 0, reserved: 0, sequence: 0 }));
  await insertRows(tx, table, stocks);
  return stocks;
}

/**
 * SQL that locks stocks until the transaction ends, in ascending order of product id, and reads their current
 * balances.
 */
export const stocksForUpdate = (condition: string): string =>
  `SELECT ${stockColumns} FROM stocks s WHERE ${condition} ORDER BY s.product_id FOR UPDATE`;

/** Locks a product's stock until the transaction ends. */
export async function lockStock(tx: Transaction, productId: string): Promise<Stock | null> {
  const [stock = null] = await lockStocks(tx, [productId]);
  return stock;
}

const lock = stocksForUpdate('product_id = ANY($1::uuid[])');

/** Locks the stocks of products until the transaction ends. */
export function lockStocks(tx: Transaction, productIds: readonly string[]): Promise<Stock[]> {
  return sqlOver(tx).query<Stock>(lock, [productIds]);
}

/** Writes the balances after the movements. The caller has locked the stocks. */
export async function setBalances(tx: Transaction, movements: readonly Movement[]): Promise<void> {
  const after = movements.map((movement) => movement.after);
  await sqlOver(tx).query(
    `UPDATE stocks SET on_hand = m.on_hand, reserved = m.reserved, sequence = m.sequence
       FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[]) AS m(product_id, on_hand, reserved, sequence)
      WHERE stocks.product_id = m.product_id`,
    [
      after.map(({ productId }) => productId),
      after.map(({ onHand }) => onHand),
      after.map(({ reserved }) => reserved),
      after.map(({ sequence }) => sequence),
    ],
  );
}
