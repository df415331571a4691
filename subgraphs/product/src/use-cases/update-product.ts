import { appendToOutbox } from '@shop/messaging';
import { isUniqueViolation, issuesFrom, isUuid, sqlOver, type InputIssue } from '@shop/subgraph';
import type { z } from 'zod';
import { findCategoryBySlug } from '../db/categories.ts';
import { lockProduct, updateProduct as saveProduct } from '../db/products.ts';
import { change, type Product, type ProductChange } from '../domain/product.ts';
import { productWasUpdated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';
import { updateProductInput } from './update-product.input.ts';

export type UpdateProductOutcome =
  | { readonly kind: 'updated'; readonly product: Product }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'product-not-found'; readonly id: string }
  | { readonly kind: 'category-not-found'; readonly slug: string }
  | { readonly kind: 'sku-taken'; readonly sku: string }
  | { readonly kind: 'version-conflict'; readonly currentVersion: number };

/** Changes what is given. A change that changes nothing leaves the version alone, and nobody is told. */
export async function updateProduct({ database, now }: Dependencies, input: unknown): Promise<UpdateProductOutcome> {
  const parsed = updateProductInput.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { id, expectedVersion, category: slug } = parsed.data;
  if (!isUuid(id)) return { kind: 'product-not-found', id };
  try {
    return await database.transact(async (tx): Promise<UpdateProductOutcome> => {
      const product = await lockProduct(tx, id);
      if (product === null) return { kind: 'product-not-found', id };
      if (expectedVersion != null && expectedVersion !== product.version) {
        return { kind: 'version-conflict', currentVersion: product.version };
      }
      const category = slug == null ? slug : await findCategoryBySlug({ client: tx }, slug);
      if (slug != null && category == null) return { kind: 'category-not-found', slug };

      const wanted = {
        ...toChange(parsed.data),
        ...(category === undefined ? {} : { categoryId: category?.id ?? null }),
      };
      const changed = change(product, wanted, now());
      if (changed === product) return { kind: 'updated', product };
      await saveProduct(tx, changed);
      await appendToOutbox(sqlOver(tx), [productWasUpdated(changed)]);
      return { kind: 'updated', product: changed };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: 'sku-taken', sku: parsed.data.sku ?? '' };
    throw error;
  }
}

function toChange({
  sku,
  name,
  description,
  price,
  imageUrl,
  onSale,
}: z.infer<typeof updateProductInput>): ProductChange {
  return {
    ...(sku === undefined ? {} : { sku }),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description: description ?? '' }),
    ...(price === undefined ? {} : { priceMinor: price.amount, currencyCode: price.currencyCode }),
    ...(imageUrl === undefined ? {} : { imageUrl }),
    ...(onSale === undefined ? {} : { onSale }),
  };
}
