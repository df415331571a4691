/** What the products of a list have in common. */
export interface ProductCriteria {
  /** In the tsquery language. */
  readonly search?: string | undefined;
  /** A category's slug; those below it are included. */
  readonly category?: string | undefined;
  readonly minPrice?: number | undefined;
  readonly maxPrice?: number | undefined;
  readonly inStock?: boolean | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly includeDeleted?: boolean | undefined;
}

/** Keeps a value for the query and returns its placeholder. */
export type Bind = (value: unknown, type: string) => string;

export function createBinder() {
  const values: unknown[] = [];
  const bind: Bind = (value, type) => `$${values.push(value)}::${type}`;
  return { values, bind };
}

/** A category and all below it, as the table `subtree`. UNION, not UNION ALL: it ends also where there is a cycle. */
export function selectSubtree(slugExpression: string): string {
  return `RECURSIVE subtree AS (
    SELECT id FROM categories WHERE slug = ${slugExpression}
    UNION SELECT c.id FROM categories c JOIN subtree ON c.parent_id = subtree.id)`;
}

/**
 * The condition on the table `p` that its category is one of the table `subtree`. As an array, which is read before
 * anything else: a join may begin elsewhere, and read all of it.
 */
export const inSubtree = 'p.category_id = ANY(ARRAY(SELECT id FROM subtree))';

/** The conditions on the table `p`, but for the category. */
export function conditions(criteria: ProductCriteria, bind: Bind): string[] {
  const { search, minPrice, maxPrice, inStock, ids, includeDeleted } = criteria;
  return [
    // The indexes of customers' lists are of products on sale, and are used for exactly this condition.
    ...(includeDeleted ? ['true'] : ['p.on_sale']),
    ...(search === undefined ? [] : [`p.search_document @@ ${queryFor(search, bind)}`]),
    ...(minPrice === undefined ? [] : [`p.price_minor >= ${bind(minPrice, 'bigint')}`]),
    ...(maxPrice === undefined ? [] : [`p.price_minor <= ${bind(maxPrice, 'bigint')}`]),
    ...(inStock === undefined
      ? []
      : [
          `${inStock ? '' : 'NOT '}EXISTS (
      SELECT 1 FROM stocks s WHERE s.product_id = p.id AND s.on_hand > s.reserved)`,
        ]),
    ...(ids === undefined ? [] : [`p.id = ANY(${bind(ids, 'uuid[]')})`]),
  ];
}

/** The words as they are, or their stems without the words that English is full of. */
export function queryFor(search: string, bind: Bind): string {
  const text = bind(search, 'text');
  return `(to_tsquery('simple', ${text}) || to_tsquery('english', ${text}))`;
}
