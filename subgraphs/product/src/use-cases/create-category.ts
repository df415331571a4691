import { appendToOutbox } from '@shop/messaging';
import { isForeignKeyViolation, isUniqueViolation, issuesFrom, sqlOver, uuidv7, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { findCategoryBySlug, insertCategory } from '../db/categories.ts';
import type { Category } from '../domain/category.ts';
import { categoryWasCreated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';
import { categoryName, categorySlug } from './product.input.ts';

const newCategory = z
  .object({ slug: categorySlug, name: categoryName, parent: categorySlug.nullish() })
  .refine(({ slug, parent }) => slug !== parent, { path: ['parent'], message: 'a category cannot stand below itself' });

export type CreateCategoryOutcome =
  | { readonly kind: 'created'; readonly category: Category }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'parent-not-found'; readonly slug: string }
  | { readonly kind: 'slug-taken'; readonly slug: string };

/** Adds a category. Its parent already exists, so it closes no cycle. */
export async function createCategory({ database }: Dependencies, input: unknown): Promise<CreateCategoryOutcome> {
  const parsed = newCategory.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { slug, name, parent: parentSlug } = parsed.data;
  const parent = parentSlug == null ? null : await findCategoryBySlug(database, parentSlug);
  if (parentSlug != null && parent === null) return { kind: 'parent-not-found', slug: parentSlug };
  const category: Category = { id: uuidv7(), slug, name, parentId: parent?.id ?? null, version: 1 };
  try {
    await database.transact(async (tx) => {
      await insertCategory(tx, category);
      await appendToOutbox(sqlOver(tx), [categoryWasCreated(category)]);
    });
    return { kind: 'created', category };
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: 'slug-taken', slug };
    // The parent was deleted meanwhile.
    if (isForeignKeyViolation(error) && parentSlug != null) return { kind: 'parent-not-found', slug: parentSlug };
    throw error;
  }
}
