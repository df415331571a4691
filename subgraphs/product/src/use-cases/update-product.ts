import { appendToOutbox } from '@shop/messaging';
import { isForeignKeyViolation, isUniqueViolation, issuesFrom, isUuid, sqlOver, type InputIssue } from '@shop/subgraph';
import { findCategoryBySlug } from '../db/categories.ts';
import { lockProduct, updateProducts } from '../db/products.ts';
import { changeProduct, type Product } from '../domain/product.ts';
import { productWasUpdated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';
import { storePrice, updateProductInput } from './product.input.ts';
import { explainTakenSku, type SkuTaken } from './sku-taken.ts';

export type UpdateProductOutcome =
  | { readonly kind: 'updated'; readonly product: Product }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'product-not-found'; readonly id: string }
  | { readonly kind: 'category-not-found'; readonly slug: string }
  | SkuTaken
  | { readonly kind: 'version-conflict'; readonly currentVersion: number };

/** Changes the given fields. When nothing differs, the version stays and no event is sent. */
export async function updateProduct(dependencies: Dependencies, input: unknown): Promise<UpdateProductOutcome> {
  const { database, now } = dependencies;
  const parsed = updateProductInput.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { id, expectedVersion, category: slug, price, ...fields } = parsed.data;
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
        ...fields,
        ...(price && storePrice(price)),
        categoryId: category === null ? null : category?.id,
      };
      const changed = changeProduct(product, wanted, now());
      if (changed === product) return { kind: 'updated', product };
      await updateProducts(tx, [changed]);
      await appendToOutbox(sqlOver(tx), [productWasUpdated(changed)]);
      return { kind: 'updated', product: changed };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return explainTakenSku(dependencies, fields.sku ?? '');
    // The category was deleted meanwhile.
    if (isForeignKeyViolation(error) && slug != null) return { kind: 'category-not-found', slug };
    throw error;
  }
}
