import { sqlOver } from '@shop/service';
import DataLoader from 'dataloader';
import type { Movement, Stock } from '../domain/stock.ts';
import type { Database, Transaction } from './database.ts';

export function createStockLoader({ client }: Database) {
  return new DataLoader<string, Stock | null>(async (productIds) => {
    const stocks = await client.stock.findMany({ where: { productId: { in: [...productIds] } } });
    const byProduct = new Map<string, Stock>(stocks.map((stock) => [stock.productId, stock]));
    return productIds.map((id) => byProduct.get(id) ?? null);
  });
}

export async function insertStock(tx: Transaction, productId: string): Promise<Stock> {
  return tx.stock.create({ data: { productId, onHand: 0, reserved: 0, sequence: 0 } });
}

/** Locks the stocks until the transaction ends, in ascending product id whatever the order of the ids. */
export async function lockStocks(tx: Transaction, productIds: readonly string[]): Promise<Map<string, Stock>> {
  const stocks = await sqlOver(tx).query<Stock>(
    `SELECT product_id AS "productId", on_hand AS "onHand", reserved, sequence
       FROM stocks WHERE product_id = ANY($1::uuid[]) ORDER BY product_id FOR UPDATE`,
    [productIds],
  );
  return new Map(stocks.map((stock) => [stock.productId, stock]));
}

/** Sets the balances that the movements leave. The stocks are locked by the caller. */
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
