import { appendToOutbox } from '@shop/messaging';
import { isForeignKeyViolation, issuesFrom, isUuid, sqlOver, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { findCategoryBySlug, isInSubtree, lockCategory, lockCategoryTree, updateCategory } from '../db/categories.ts';
import { changeCategory, type Category } from '../domain/category.ts';
import { categoryWasUpdated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';
import { categorySlug } from './product.input.ts';

const move = z.object({ id: z.string(), expectedVersion: z.int().nullish(), parent: categorySlug.nullish() });

export type MoveCategoryOutcome =
  | { readonly kind: 'moved'; readonly category: Category }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'not-found'; readonly id: string }
  | { readonly kind: 'parent-not-found'; readonly slug: string }
  | { readonly kind: 'version-conflict'; readonly currentVersion: number };

/**
 * Puts a category, with all below it, below another one or at the top. Its products follow at once: lists read the tree
 * as it is.
 */
export async function moveCategory({ database }: Dependencies, input: unknown): Promise<MoveCategoryOutcome> {
  const parsed = move.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { id, expectedVersion, parent: slug } = parsed.data;
  if (!isUuid(id)) return { kind: 'not-found', id };
  try {
    return await database.transact(async (tx): Promise<MoveCategoryOutcome> => {
      await lockCategoryTree(tx);
      const category = await lockCategory(tx, id);
      if (category === null) return { kind: 'not-found', id };
      if (expectedVersion != null && expectedVersion !== category.version) {
        return { kind: 'version-conflict', currentVersion: category.version };
      }
      const parent = slug == null ? null : await findCategoryBySlug({ client: tx }, slug);
      if (slug != null && parent === null) return { kind: 'parent-not-found', slug };
      if (parent && (await isInSubtree(tx, parent.slug, category.slug))) {
        const message = 'a category cannot stand below itself';
        return { kind: 'invalid-input', issues: [{ path: 'parent', message }] };
      }
      const changed = changeCategory(category, { parentId: parent?.id ?? null });
      if (changed === category) return { kind: 'moved', category };
      await updateCategory(tx, changed);
      await appendToOutbox(sqlOver(tx), [categoryWasUpdated(changed)]);
      return { kind: 'moved', category: changed };
    });
  } catch (error) {
    // The new parent was deleted meanwhile.
    if (isForeignKeyViolation(error) && slug != null) return { kind: 'parent-not-found', slug };
    throw error;
  }
}
