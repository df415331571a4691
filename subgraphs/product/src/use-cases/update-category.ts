import { appendToOutbox } from '@shop/messaging';
import { isUniqueViolation, issuesFrom, isUuid, sqlOver, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { lockCategory, updateCategory as saveCategory } from '../db/categories.ts';
import { changeCategory, type Category } from '../domain/category.ts';
import { categoryWasUpdated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';
import { categoryName, categorySlug } from './product.input.ts';

const changedCategory = z.object({
  id: z.string(),
  expectedVersion: z.int().nullish(),
  slug: categorySlug.optional(),
  name: categoryName.optional(),
});

export type UpdateCategoryOutcome =
  | { readonly kind: 'updated'; readonly category: Category }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'not-found'; readonly id: string }
  | { readonly kind: 'slug-taken'; readonly slug: string }
  | { readonly kind: 'version-conflict'; readonly currentVersion: number };

/** Changes the given fields. When nothing differs, the version stays. */
export async function updateCategory({ database }: Dependencies, input: unknown): Promise<UpdateCategoryOutcome> {
  const parsed = changedCategory.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { id, expectedVersion, ...wanted } = parsed.data;
  if (!isUuid(id)) return { kind: 'not-found', id };
  try {
    return await database.transact(async (tx): Promise<UpdateCategoryOutcome> => {
      const category = await lockCategory(tx, id);
      if (category === null) return { kind: 'not-found', id };
      if (expectedVersion != null && expectedVersion !== category.version) {
        return { kind: 'version-conflict', currentVersion: category.version };
      }
      const changed = changeCategory(category, wanted);
      if (changed === category) return { kind: 'updated', category };
      await saveCategory(tx, changed);
      await appendToOutbox(sqlOver(tx), [categoryWasUpdated(changed)]);
      return { kind: 'updated', category: changed };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: 'slug-taken', slug: wanted.slug ?? '' };
    throw error;
  }
}
