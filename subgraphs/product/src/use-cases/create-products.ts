import { appendToOutbox } from '@shop/messaging';
import { issuesFrom, sqlOver, uuidv7, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { listCategories } from '../db/categories.ts';
import { insertProducts } from '../db/product-batches.ts';
import { recordMovements } from '../db/stock-movements.ts';
import type { Product } from '../domain/product.ts';
import { receive, type Stock } from '../domain/stock.ts';
import { inventoryWasUpdated, productWasCreated } from '../events/outgoing.ts';
import { createProductInput } from './create-product.input.ts';
import type { Dependencies } from './dependencies.ts';

const batch = z.array(createProductInput).min(1).max(500);

export type CreateProductsOutcome =
  | { readonly kind: 'created'; readonly count: number }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] };

/**
 * Puts up to 500 products on sale in one transaction, all or none, as the system: what fills an empty catalogue, in a
 * fraction of the time that one by one takes. Throws where a SKU is taken.
 */
export async function createProducts(
  { database, now }: Dependencies,
  inputs: readonly unknown[],
): Promise<CreateProductsOutcome> {
  const parsed = batch.safeParse(inputs);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const categoryIds = new Map((await listCategories(database)).map(({ slug, id }) => [slug, id]));
  const issues = parsed.data.flatMap(({ category }, index) =>
    category == null || categoryIds.has(category)
      ? []
      : [{ path: `${index}.category`, message: `there is no category ${category}` }],
  );
  if (issues.length > 0) return { kind: 'invalid-input', issues };

  const at = now();
  const products = parsed.data.map(({ sku, name, description, price, category, imageUrl }): Product => ({
    id: uuidv7(),
    sku,
    name,
    description,
    priceMinor: price.amount,
    currencyCode: price.currencyCode,
    imageUrl: imageUrl ?? null,
    categoryId: category == null ? null : (categoryIds.get(category) ?? null),
    onSale: true,
    version: 1,
    createdAt: at,
    updatedAt: at,
  }));
  await database.transact(async (tx) => {
    const empty = await insertProducts(tx, products);
    const movements = parsed.data.flatMap(({ initialStock }, index) =>
      initialStock > 0 ? [receive(empty[index] as Stock, initialStock)] : [],
    );
    await recordMovements(tx, movements, { reason: 'Initial stock', actorId: null, at });
    const filled = new Map(movements.map(({ after }) => [after.productId, after]));
    await appendToOutbox(
      sqlOver(tx),
      products.flatMap((product, index) => [
        productWasCreated(product),
        inventoryWasUpdated(filled.get(product.id) ?? (empty[index] as Stock)),
      ]),
    );
  });
  return { kind: 'created', count: products.length };
}
