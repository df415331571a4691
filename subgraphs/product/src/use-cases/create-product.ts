import {
  bulkTransaction,
  isForeignKeyViolation,
  isUniqueViolation,
  issuesFrom,
  uuidv7,
  type InputIssue,
} from '@shop/subgraph';
import { z } from 'zod';
import { findCategoryIds } from '../db/categories.ts';
import { newProduct, type Product } from '../domain/product.ts';
import type { Dependencies } from './dependencies.ts';
import { createProductInput, storePrice } from './product.input.ts';
import { insertWithStock } from './insert-with-stock.ts';
import { explainTakenSku, type SkuTaken } from './sku-taken.ts';

export type CreateProductOutcome =
  | { readonly kind: 'created'; readonly product: Product }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'category-not-found'; readonly slug: string }
  | SkuTaken;

/** Puts a product on sale, with its first stock in the ledger. */
export async function createProduct(
  dependencies: Dependencies,
  input: unknown,
  actorId: string | null,
): Promise<CreateProductOutcome> {
  const parsed = createProductInput.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  try {
    const outcome = await putOnSale(dependencies, [parsed.data], actorId);
    if (outcome.kind === 'category-not-found') return { kind: 'category-not-found', slug: outcome.slug };
    return { kind: 'created', product: outcome.products[0] as Product };
  } catch (error) {
    if (isUniqueViolation(error)) return explainTakenSku(dependencies, parsed.data.sku);
    const { category } = parsed.data;
    // The category was deleted meanwhile.
    if (isForeignKeyViolation(error) && category !== null) return { kind: 'category-not-found', slug: category };
    throw error;
  }
}

export type CreateProductsOutcome =
  | { readonly kind: 'created'; readonly count: number }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] };

/**
 * Puts up to 500 products on sale as the system, all or none. Filling an empty catalogue this way takes a
 * fraction of the time that single products take.
 *
 * @throws the database's error when a SKU is already in use
 */
export async function createProducts(
  dependencies: Dependencies,
  inputs: readonly unknown[],
): Promise<CreateProductsOutcome> {
  const parsed = z.array(createProductInput).min(1).max(500).safeParse(inputs);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const outcome = await putOnSale(dependencies, parsed.data, null);
  if (outcome.kind === 'created') return { kind: 'created', count: outcome.products.length };
  const { index, slug } = outcome;
  return { kind: 'invalid-input', issues: [{ path: `${index}.category`, message: `there is no category ${slug}` }] };
}

type PutOnSaleOutcome =
  | { readonly kind: 'created'; readonly products: readonly Product[] }
  | { readonly kind: 'category-not-found'; readonly slug: string; readonly index: number };

/** Inserts any number of products with one statement per table. */
async function putOnSale(
  { database, now }: Dependencies,
  inputs: readonly z.infer<typeof createProductInput>[],
  actorId: string | null,
): Promise<PutOnSaleOutcome> {
  const categoryIds = await findCategoryIds(
    database,
    inputs.flatMap(({ category }) => category ?? []),
  );
  for (const [index, { category: slug }] of inputs.entries())
    if (slug !== null && !categoryIds.has(slug)) return { kind: 'category-not-found', slug, index };

  const at = now();
  const products = inputs.map(({ price, category, initialStock: _movement, ...fields }) =>
    newProduct(
      uuidv7(),
      { ...fields, ...storePrice(price), categoryId: category === null ? null : (categoryIds.get(category) ?? null) },
      at,
    ),
  );
  await database.transact(
    (tx) =>
      insertWithStock(
        tx,
        products.map((product, index) => ({ product, initialStock: inputs[index]?.initialStock ?? 0 })),
        { actorId, at },
      ),
    inputs.length > 1 ? bulkTransaction : {},
  );
  return { kind: 'created', products };
}
