import { Loader, sqlOver } from '@shop/subgraph';
import DataLoader from 'dataloader';
import type { Category } from '../domain/category.ts';
import type { Database, Transaction } from './database.ts';
import { selectSubtree } from './product-criteria.ts';

export async function insertCategory(tx: Transaction, category: Category): Promise<void> {
  await tx.category.create({ data: category, select: { id: true } });
}

/** Locks a category until the transaction ends. Nothing can be put into it meanwhile. */
export async function lockCategory(tx: Transaction, id: string): Promise<Category | null> {
  await sqlOver(tx).query('SELECT 1 FROM categories WHERE id = $1::uuid FOR UPDATE', [id]);
  return tx.category.findUnique({ where: { id } });
}

export async function updateCategory(tx: Transaction, { id, ...category }: Category): Promise<void> {
  await tx.category.update({ where: { id }, data: category, select: { id: true } });
}

export async function removeCategory(tx: Transaction, id: string): Promise<void> {
  await tx.category.delete({ where: { id }, select: { id: true } });
}

/** Waits until no other transaction moves categories: two moves that are valid alone could form a cycle together. */
export async function lockCategoryTree(tx: Transaction): Promise<void> {
  await sqlOver(tx).query(`SELECT pg_advisory_xact_lock(hashtext('category tree'))::text`, []);
}

/** Returns whether a category is `root` or below it. Both are slugs. */
export async function isInSubtree(tx: Transaction, slug: string, root: string): Promise<boolean> {
  const rows = await sqlOver(tx).query(
    `WITH ${selectSubtree('$1::text')} SELECT 1 FROM subtree JOIN categories USING (id) WHERE slug = $2::text`,
    [root, slug],
  );
  return rows.length > 0;
}

export function countChildren(tx: Transaction, id: string): Promise<number> {
  return tx.category.count({ where: { parentId: id } });
}

export function findCategoryBySlug({ client }: { client: Transaction }, slug: string): Promise<Category | null> {
  return client.category.findUnique({ where: { slug } });
}

/** Finds the ids of categories by slug. */
export async function findCategoryIds(
  { client }: { client: Transaction },
  slugs: readonly string[],
): Promise<Map<string, string>> {
  if (slugs.length === 0) return new Map();
  const rows = await client.category.findMany({ where: { slug: { in: [...new Set(slugs)] } } });
  return new Map(rows.map(({ slug, id }) => [slug, id]));
}

export function listCategories({ client }: Database): Promise<Category[]> {
  return client.category.findMany({ orderBy: { slug: 'asc' } });
}

export function createCategoryLoader({ shared }: Database) {
  return new Loader<string, Category | null>(async (ids) => {
    const byId = await shared.loadCategories(ids);
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
