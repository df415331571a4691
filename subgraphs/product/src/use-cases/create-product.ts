import { appendToOutbox } from '@shop/messaging';
import { isUniqueViolation, issuesFrom, sqlOver, uuidv7, type InputIssue } from '@shop/subgraph';
import { findCategoryBySlug } from '../db/categories.ts';
import { insertProduct } from '../db/products.ts';
import { recordMovements } from '../db/stock-movements.ts';
import { insertStock } from '../db/stocks.ts';
import type { Product } from '../domain/product.ts';
import { receive } from '../domain/stock.ts';
import { inventoryWasUpdated, productWasCreated } from '../events/outgoing.ts';
import { createProductInput } from './create-product.input.ts';
import type { Dependencies } from './dependencies.ts';

export type CreateProductOutcome =
  | { readonly kind: 'created'; readonly product: Product }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'category-not-found'; readonly slug: string }
  | { readonly kind: 'sku-taken'; readonly sku: string };

/** Puts a product on sale, with its first stock in the ledger. */
export async function createProduct(
  { database, now }: Dependencies,
  input: unknown,
  actorId: string | null,
): Promise<CreateProductOutcome> {
  const parsed = createProductInput.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { sku, name, description, price, category: slug, imageUrl, initialStock } = parsed.data;
  const category = slug == null ? null : await findCategoryBySlug(database, slug);
  if (slug != null && category === null) return { kind: 'category-not-found', slug };
  const at = now();
  const product: Product = {
    id: uuidv7(),
    sku,
    name,
    description,
    priceMinor: price.amount,
    currencyCode: price.currencyCode,
    imageUrl: imageUrl ?? null,
    categoryId: category?.id ?? null,
    onSale: true,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  try {
    await database.transact(async (tx) => {
      await insertProduct(tx, product);
      const empty = await insertStock(tx, product.id);
      const movements = initialStock > 0 ? [receive(empty, initialStock)] : [];
      await recordMovements(tx, movements, { reason: 'Initial stock', actorId, at });
      await appendToOutbox(sqlOver(tx), [
        productWasCreated(product),
        inventoryWasUpdated(movements[0]?.after ?? empty),
      ]);
    });
    return { kind: 'created', product };
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: 'sku-taken', sku };
    throw error;
  }
}
