import type { Bind } from '@shop/subgraph';

/** A search, with what is known of it before products are read. */
export interface Search {
  /** One text for each term, as `toSearchTerms` writes them. */
  readonly terms: readonly string[];
  /** For each word of the terms, and then for all of them together: whether SKUs have it as a part. Null: it is not known. */
  readonly partsOfSkus: readonly boolean[] | null;
}

/** Conditions on the products of a list. */
export interface ProductCriteria {
  readonly search?: Search | undefined;
  /** A category's slug; those below it are included. */
  readonly category?: string | undefined;
  readonly minPrice?: number | undefined;
  readonly maxPrice?: number | undefined;
  readonly inStock?: boolean | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly includeDeleted?: boolean | undefined;
}

/**
 * SQL for a category and its descendants, as the table `subtree`. UNION instead of UNION ALL ends even if there is a
 * cycle.
 */
export function selectSubtree(slugExpression: string): string {
  return `RECURSIVE subtree AS (
    SELECT id FROM categories WHERE slug = ${slugExpression}
    UNION SELECT c.id FROM categories c JOIN subtree ON c.parent_id = subtree.id)`;
}

/**
 * SQL condition: the category of `p` is in the table `subtree`. The array is read first. A join could start elsewhere
 * and read the whole table.
 */
export const inSubtree = 'p.category_id = ANY(ARRAY(SELECT id FROM subtree))';

/** Builds the conditions on the table `p`, except the category. */
export function conditions(criteria: ProductCriteria, bind: Bind): string[] {
  const { search, minPrice, maxPrice, inStock, ids, includeDeleted } = criteria;
  return [
    // The partial indexes of customers' lists have exactly this condition.
    ...(includeDeleted ? ['true'] : ['p.on_sale']),
    ...(search === undefined ? [] : [`p.search_words @@ ${filterFor(search, bind)}`]),
    ...(minPrice === undefined ? [] : [`p.price_minor >= ${bind(minPrice, 'bigint')}`]),
    ...(maxPrice === undefined ? [] : [`p.price_minor <= ${bind(maxPrice, 'bigint')}`]),
    ...(inStock === undefined ? [] : [inStock ? 'p.in_stock' : 'NOT p.in_stock']),
    ...(ids === undefined ? [] : [`p.id = ANY(${bind(ids, 'uuid[]')})`]),
  ];
}

/** SQL for a search as a tsquery that selects products, by default also those with a word that begins with the last one. */
export function filterFor({ terms, partsOfSkus }: Search, bind: Bind, { byBeginning = true } = {}): string {
  return `search_filter(${bind(terms, 'text[]')}, ${bind(partsOfSkus, 'boolean[]')}, ${byBeginning})`;
}

/** SQL for a search as a tsquery that ranks products. */
export function queryFor({ terms }: Search, bind: Bind): string {
  return `search_query(${bind(terms, 'text[]')})`;
}
