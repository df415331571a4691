import * as db from '../db/categories.ts';
import type { Category } from '../domain/category.ts';
import type { Dependencies } from './dependencies.ts';
import { categorySlug } from './product.input.ts';

/** Lists all categories by slug. */
export function listCategories({ database }: Dependencies): Promise<Category[]> {
  return db.listCategories(database);
}

/** Returns null when there is none. */
export async function findCategory({ database }: Dependencies, slug: string): Promise<Category | null> {
  return categorySlug.safeParse(slug).success ? db.findCategoryBySlug(database, slug) : null;
}
