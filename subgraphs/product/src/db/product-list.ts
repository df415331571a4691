import { type Bind, createBinder, limitRows, type Page, pageReader, senseOf } from '@shop/subgraph';
import type { ProductOrder } from '../domain/product-order.ts';
import type { Database } from './database.ts';
import { conditions, inSubtree, selectSubtree, type ProductCriteria } from './product-criteria.ts';
import { productColumns, toListedProducts, type ListedProduct, type ListedRow } from './product-rows.ts';

/** The position of a product in a list: its sort key and its id. */
export type ProductPage = Page<readonly [sortKey: string, id: string]>;

type SortKey = { readonly expression: string; readonly type: string };

/**
 * The sort key of each order. Ids break ties. The expressions must be those of the indexes, or the indexes are not
 * used.
 */
const sortKeys: Readonly<Record<Exclude<ProductOrder['by'], 'RELEVANCE'>, SortKey | null>> = {
  NAME: { expression: 'left(p.name, 100) COLLATE product_names', type: 'text' },
  PRICE: { expression: 'p.price_minor', type: 'bigint' },
  // Ids are UUIDv7, which grow with time.
  CREATED_AT: null,
};

/**
 * SQL for a number of products. A range of prices with fewer is read whole. With more, a page is found in the order of
 * the list after about `20 * catalogue / number` products: the root makes both equal. A category is a part of that.
 */
const few = (share: number): string =>
  `(SELECT (least(4000, greatest(100, sqrt(20 * greatest(reltuples, 0)))) * ${share})::int FROM pg_class WHERE oid = 'products'::regclass)`;
const FEW = few(1);
const FEW_OF_CATEGORY = few(0.15);

/** Lists products in any order except relevance. Returns one row more than a page, in reading order. */
export async function listProducts(
  database: Database,
  criteria: ProductCriteria,
  order: ProductOrder,
  page: ProductPage,
): Promise<ListedProduct[]> {
  const { values, bind } = createBinder();
  const slug = criteria.category === undefined ? null : bind(criteria.category, 'text');
  const text = statement(criteria, slug, order, page, bind);
  const rows = await pageReader(database, page, hasOnePlan(criteria)).query<ListedRow>(text, values);
  return toListedProducts(rows);
}

/** True where any values lead to the same plan: a catalogue, or a category, is read from its index from a place on. */
function hasOnePlan({ search, minPrice, maxPrice, ids }: ProductCriteria): boolean {
  return [search, minPrice, maxPrice, ids].every((value) => value === undefined);
}

/** Lists the same page for each of several categories in one statement, by slug. */
export async function listProductsByCategory(
  { lists }: Database,
  slugs: readonly string[],
  order: ProductOrder,
  page: ProductPage,
): Promise<Map<string, ListedProduct[]>> {
  const { values, bind } = createBinder();
  const { key, read } = reading(order, page);
  const rows = await lists.query<ListedRow & { root: string }>(
    `SELECT roots.slug AS root, listed.* FROM unnest(${bind(slugs, 'text[]')}) AS roots(slug)
      CROSS JOIN LATERAL (${statement({}, 'roots.slug', order, page, bind)}) AS listed
      ORDER BY roots.slug, ${key ? `listed."sortKey" ${read}, ` : ''}listed.id ${read}`,
    values,
  );
  const byCategory = new Map(slugs.map((slug): [string, ListedProduct[]] => [slug, []]));
  for (const { root, ...row } of rows) byCategory.get(root)?.push(...toListedProducts([row]));
  return byCategory;
}

function reading({ by, direction }: ProductOrder, page: ProductPage) {
  return { key: by === 'RELEVANCE' ? null : sortKeys[by], read: senseOf(page, direction) };
}

function statement(
  criteria: ProductCriteria,
  slug: string | null,
  order: ProductOrder,
  page: ProductPage,
  bind: Bind,
): string {
  const { key, read } = reading(order, page);
  const inOrder = (rows: string, where: readonly string[]) => `
    SELECT ${productColumns}, ${key?.expression ?? 'NULL'} AS "sortKey"
      FROM ${rows} p
     WHERE ${[...where, ...beyond(page, key, read, bind)].join(' AND ')}
     ORDER BY ${key ? `${key.expression} ${read}, ` : ''}p.id ${read}
     ${limitRows(page)}`;
  const some = (inCategory: string[]) => {
    if (!isPriceRange(criteria, order)) return inOrder('products', [...inCategory, ...conditions(criteria, bind)]);
    const { minPrice, maxPrice, ...others } = criteria;
    const inRange = [...inCategory, ...conditions(criteria, bind)].join(' AND ');
    const limit = inCategory.length === 0 ? FEW : FEW_OF_CATEGORY;
    const cheapest = (columns: string) =>
      `(SELECT ${columns} FROM products p WHERE ${inRange} ORDER BY p.price_minor LIMIT ${limit})`;
    const areFew = `(SELECT count(*) FROM ${cheapest('1')} AS cheapest) < ${limit}`;
    const all = [...inCategory, ...conditions(others, bind), ...priceFilter({ minPrice, maxPrice }, bind)];
    return `
    SELECT * FROM (
      (${inOrder(cheapest('*'), [areFew])}) UNION ALL (${inOrder('products', [...all, `NOT ${areFew}`])})) AS p
     ORDER BY ${key ? `p."sortKey" ${read}, ` : ''}p.id ${read}
     ${limitRows(page)}`;
  };
  if (slug === null) return some([]);
  // A search or a list of ids leaves few products: their category is checked afterwards.
  if (criteria.search !== undefined || criteria.ids !== undefined) {
    return `WITH ${selectSubtree(slug)} ${some([inSubtree])}`;
  }
  // Otherwise one page per category is read from its index, and the pages are merged. The cost does not grow with the
  // number of products.
  return `WITH ${selectSubtree(slug)} SELECT found.* FROM subtree CROSS JOIN LATERAL (${some(['p.category_id = subtree.id'])}) AS found
    ORDER BY ${key ? `found."sortKey" ${read}, ` : ''}found.id ${read} ${limitRows(page)}`;
}

/**
 * The planner expects prices to be spread evenly. In a range with few products it would read the whole catalogue in
 * the order of the list. So the statement decides by what the index of prices has. That index has only products on
 * sale, and serves the order by price as it is.
 */
function isPriceRange(
  { minPrice, maxPrice, includeDeleted, search, ids }: ProductCriteria,
  { by }: ProductOrder,
): boolean {
  return (
    (minPrice !== undefined || maxPrice !== undefined) &&
    by !== 'PRICE' &&
    !includeDeleted &&
    search === undefined &&
    ids === undefined
  );
}

/** SQL conditions on the price that use no index: the other conditions and the order decide which one is read. */
function priceFilter({ minPrice, maxPrice }: Pick<ProductCriteria, 'minPrice' | 'maxPrice'>, bind: Bind): string[] {
  return [
    ...(minPrice === undefined ? [] : [`p.price_minor + 0 >= ${bind(minPrice, 'bigint')}`]),
    ...(maxPrice === undefined ? [] : [`p.price_minor + 0 <= ${bind(maxPrice, 'bigint')}`]),
  ];
}

function beyond(page: ProductPage, key: SortKey | null, read: 'ASC' | 'DESC', bind: Bind): string[] {
  const place = page.direction === 'forward' ? page.after : page.before;
  if (place === undefined) return [];
  const sign = read === 'ASC' ? '>' : '<';
  const id = bind(place[1], 'uuid');
  return [key ? `(${key.expression}, p.id) ${sign} (${bind(place[0], key.type)}, ${id})` : `p.id ${sign} ${id}`];
}
