import { appendToOutbox } from '@shop/messaging';
import { isUuid, sqlOver } from '@shop/subgraph';
import { lockProduct, updateProducts } from '../db/products.ts';
import { changeProduct, type Product } from '../domain/product.ts';
import { productWasDeleted } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Takes a product off sale. The row stays, since orders refer to it. Returns null when there is no such product.
 * Repeating it changes nothing.
 */
export async function deleteProduct({ database, now }: Dependencies, id: string): Promise<Product | null> {
  if (!isUuid(id)) return null;
  return database.transact(async (tx) => {
    const product = await lockProduct(tx, id);
    if (product === null) return null;
    const changed = changeProduct(product, { onSale: false }, now());
    if (changed === product) return product;
    await updateProducts(tx, [changed]);
    await appendToOutbox(sqlOver(tx), [productWasDeleted(changed)]);
    return changed;
  });
}
