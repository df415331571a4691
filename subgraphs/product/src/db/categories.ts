import DataLoader from 'dataloader';
import type { Category } from '../domain/category.ts';
import type { Database, Transaction } from './database.ts';

export async function insertCategory({ client }: Database, category: Category): Promise<void> {
  await client.category.create({ data: category });
}

export function findCategoryBySlug({ client }: { client: Transaction }, slug: string): Promise<Category | null> {
  return client.category.findUnique({ where: { slug } });
}

/** Finds the ids of categories by slug. */
export async function findCategoryIds({ client }: Database, slugs: readonly string[]): Promise<Map<string, string>> {
  if (slugs.length === 0) return new Map();
  const rows = await client.category.findMany({ where: { slug: { in: [...new Set(slugs)] } } });
  return new Map(rows.map(({ slug, id }) => [slug, id]));
}

export function listCategories({ client }: Database): Promise<Category[]> {
  return client.category.findMany({ orderBy: { slug: 'asc' } });
}

export function createCategoryLoader({ client }: Database) {
  return new DataLoader<string, Category | null>(async (ids) => {
    const rows = await client.category.findMany({ where: { id: { in: [...ids] } } });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** Loads the direct children of categories, by slug. */
export function createChildrenLoader({ client }: Database) {
  return new DataLoader<string, Category[]>(async (parentIds) => {
    const rows = await client.category.findMany({
      where: { parentId: { in: [...parentIds] } },
      orderBy: { slug: 'asc' },
    });
    return parentIds.map((id) => rows.filter(({ parentId }) => parentId === id));
  });
}
