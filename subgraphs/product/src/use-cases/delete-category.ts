import { appendToOutbox } from '@shop/messaging';
import { isForeignKeyViolation, issuesFrom, isUuid, sqlOver, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { countChildren, findCategoryBySlug, lockCategory, removeCategory } from '../db/categories.ts';
import type { Transaction } from '../db/database.ts';
import { countProductsOfCategory, moveProducts } from '../db/products.ts';
import type { Category } from '../domain/category.ts';
import { categoryWasDeleted, productWasUpdated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';
import { categorySlug } from './product.input.ts';

/** Products to move in one transaction. Each has an event, and its row is locked until the end. */
const BATCH = 200;

const deletion = z.object({
  id: z.string(),
  expectedVersion: z.int().nullish(),
  moveProductsTo: categorySlug.nullish(),
});

export type DeleteCategoryOutcome =
  | { readonly kind: 'deleted'; readonly category: Category; readonly movedProducts: number }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'not-found'; readonly id: string }
  | { readonly kind: 'target-not-found'; readonly slug: string }
  | { readonly kind: 'not-empty'; readonly products: number; readonly children: number }
  | { readonly kind: 'version-conflict'; readonly currentVersion: number };

/** Deletes a category without products and children. Its products can be moved to another category before. */
export async function deleteCategory({ database, now }: Dependencies, input: unknown): Promise<DeleteCategoryOutcome> {
  const parsed = deletion.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { id, moveProductsTo } = parsed.data;
  if (!isUuid(id)) return { kind: 'not-found', id };
  try {
    for (let movedProducts = 0; ;) {
      const step = await database.transact((tx) => moveSomeAndDelete(tx, parsed.data, now()));
      if (step.kind !== 'moved' && step.kind !== 'deleted') return step;
      movedProducts += step.count;
      if (step.kind === 'deleted') return { kind: 'deleted', category: step.category, movedProducts };
    }
  } catch (error) {
    // The other category was deleted meanwhile.
    if (isForeignKeyViolation(error) && moveProductsTo != null)
      return { kind: 'target-not-found', slug: moveProductsTo };
    throw error;
  }
}

type Step =
  | Exclude<DeleteCategoryOutcome, { kind: 'deleted' }>
  | { readonly kind: 'moved'; readonly count: number }
  | { readonly kind: 'deleted'; readonly count: number; readonly category: Category };

/** Moves a batch of products. When none is left, it deletes the category in the same transaction. */
async function moveSomeAndDelete(tx: Transaction, input: z.infer<typeof deletion>, at: Date): Promise<Step> {
  const { id, expectedVersion, moveProductsTo } = input;
  const category = await lockCategory(tx, id);
  if (category === null) return { kind: 'not-found', id };
  if (expectedVersion != null && expectedVersion !== category.version) {
    return { kind: 'version-conflict', currentVersion: category.version };
  }
  const target = moveProductsTo == null ? null : await findCategoryBySlug({ client: tx }, moveProductsTo);
  if (moveProductsTo != null && target === null) return { kind: 'target-not-found', slug: moveProductsTo };
  if (target?.id === id) {
    const message = 'must be another category';
    return { kind: 'invalid-input', issues: [{ path: 'moveProductsTo', message }] };
  }
  const children = await countChildren(tx, id);
  if (children > 0 || target === null) {
    const products = await countProductsOfCategory(tx, id);
    if (children > 0 || products > 0) return { kind: 'not-empty', products, children };
  }

  const moved = target ? await moveProducts(tx, { from: id, to: target.id, limit: BATCH, at }) : [];
  await appendToOutbox(sqlOver(tx), moved.map(productWasUpdated));
  if (moved.length === BATCH) return { kind: 'moved', count: moved.length };
  await removeCategory(tx, id);
  await appendToOutbox(sqlOver(tx), [categoryWasDeleted(category)]);
  return { kind: 'deleted', count: moved.length, category };
}
