import type { Bind } from '@shop/subgraph';

/** A search, with what is known of it before products are read. */
export interface Search {
  /** One text for each term, as `toSearchTerms` writes them. */
  readonly terms: readonly string[];
  /** For each word of the terms, and then for all of them together: whether SKUs have it as a part. Null: it is not known. */
  readonly partsOfSkus: readonly boolean[] | null;
  /** Known words that begin with the text of the search. Empty if it has several words, is a known word itself, or begins many. */
  readonly completions: readonly string[];
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
    ...(search === undefined ? [] : [isFound(search, bind)]),
    ...(minPrice === undefined ? [] : [`p.price_minor >= ${bind(minPrice, 'bigint')}`]),
    ...(maxPrice === undefined ? [] : [`p.price_minor <= ${bind(maxPrice, 'bigint')}`]),
    ...(inStock === undefined ? [] : [inStock ? 'p.in_stock' : 'NOT p.in_stock']),
    ...(ids === undefined ? [] : [`p.id = ANY(${bind(ids, 'uuid[]')})`]),
  ];
}

/**
 * SQL condition: `p` is found by a search, by default also when it has any word that begins with the last one; otherwise only when it has
 * the words themselves, or what they may stand for. The parts of SKUs that the index has are looked for on their own: within one query, it
 * would read all products that have one of their letters.
 */
export function isFound({ terms, partsOfSkus, completions }: Search, bind: Bind, { byBeginning = true } = {}): string {
  const texts = byBeginning ? [terms] : [terms, ...completions.map((word) => [word])];
  const filter = (parts: readonly boolean[] | null) =>
    `p.search_words @@ (${texts
      .map((text) => `search_filter(${bind(text, 'text[]')}, ${bind(parts, 'boolean[]')}, ${byBeginning})`)
      .join(' || ')})`;
  if (partsOfSkus === null) return filter(null);
  // Of several terms, only all together are an alternative to the words.
  const isOne = terms.length === 1;
  const alternatives = isOne ? (terms[0] ?? '').split(' ') : [terms.join('')];
  const flags = isOne ? partsOfSkus : partsOfSkus.slice(-1);
  const parts = alternatives.filter((_, at) => flags[at] === true);
  if (parts.length === 0) return filter(partsOfSkus);
  const others = isOne ? partsOfSkus.map(() => false) : [...partsOfSkus.slice(0, -1), false];
  return `(${[filter(others), ...parts.map((part) => `p.search_words @@ sku_part(${bind(part, 'text')})`)].join(' OR ')})`;
}

/** SQL for a search as a tsquery that ranks products. */
export function queryFor({ terms }: Search, bind: Bind): string {
  return `search_query(${bind(terms, 'text[]')})`;
}
