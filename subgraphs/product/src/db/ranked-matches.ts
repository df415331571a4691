import type { Bind } from '@shop/subgraph';
import { MIN_CATALOGUE, sampledProducts, selectCatalogue } from './catalogue-sample.ts';
import {
  conditions,
  isFound,
  inSubtree,
  selectSubtree,
  type ProductCriteria,
  type Search,
} from './product-criteria.ts';

/**
 * Maximum number of ranked matches. If more products match, the words hardly distinguish them, and ranking all would
 * make a search slower with each product.
 */
export const MAX_RANKED = 500;

/**
 * In a large catalogue, words that begin with the last one of a search are not looked for when so many products have the words
 * themselves: nobody is still typing, and the index would read all that begin with it.
 */
const ENOUGH_EXACT = 100;

/** `Ranked` of a list that has only products with the words themselves. */
const EXACT = '=';

/** Maximum number of products to scan for matches of a common word. */
const MAX_SCANNED = 20_000;

/** The products that the filters leave are always scanned when there are fewer: that is fast for any word. */
const FEW = 2_000;

/** Maximum number of categories whose products are scanned, so that `FEW` of each are within the limit. */
const MAX_CATEGORIES = 10;

/**
 * SQL for the share of matches that makes a scan the faster way. A scan reads `MAX_RANKED / share` products, and the
 * index reads `share * catalogue` matches. A scan within its limit finds enough matches from 3 % on.
 */
const SHARE = 'least(0.08, greatest(0.03, sqrt(900 / greatest(size, 1))))';

/**
 * The matches to rank. Undefined on a first page, which decides. Cursors carry the decision, so that all pages are of
 * the same list. Null: the first matches in the index on words. `=`: those that have the words themselves. An id: matches
 * with this id at most. They come from a scan of the newest products, or after an @ from a scan of the products that the
 * filters leave.
 */
export type Ranked = string | null | undefined;

export type Searched = ProductCriteria & { readonly search: Search };

/**
 * SQL for the products to rank, as the table `hits`, with `up_to` as in `Ranked`.
 * The index on words reads all matches before it returns the first, which is slow for a common word in a large
 * catalogue. If a sample shows that a word is common, products are scanned one by one until there are enough matches:
 * the newest products, or those that the filters leave if the filters leave few. If the sample was wrong, the index is
 * used after all.
 */
export function rankedMatches(criteria: Searched, ranked: Ranked, bind: Bind): string {
  const { search, ids, category, ...filters } = criteria;
  const subtree = category === undefined ? '' : `${selectSubtree(bind(category, 'text'))},`;
  // Functions, since a parameter that a statement does not use is an error.
  const others = () => [...conditions({ ...filters, ids }, bind), ...(subtree ? [inSubtree] : [])].join(' AND ');
  const exact = () =>
    `SELECT p.id, p.search_words, '${EXACT}' AS up_to FROM products p
      WHERE ${isFound(search, bind, { byBeginning: false })} AND ${others()}`;
  if (ranked === EXACT) return `WITH ${subtree} hits AS MATERIALIZED (${exact()})`;

  const matches = isFound(search, bind);
  const indexed = () =>
    `SELECT p.id, p.search_words, NULL::text AS up_to FROM products p WHERE ${matches} AND ${others()}`;
  // A list of at most a hundred ids is fast in any case.
  if (ranked === null || ids !== undefined) return `WITH ${subtree} hits AS MATERIALIZED (${indexed()})`;

  const scans = createScans(filters, subtree !== '', matches, others, bind);
  if (ranked !== undefined) {
    const scan = ranked.startsWith('@') ? scans.filtered : scans.newest;
    const upTo = bind(ranked.replace('@', ''), 'uuid');
    return `WITH ${subtree} hits AS MATERIALIZED (
      SELECT found.*, ${bind(ranked, 'text')} AS up_to FROM (${scan(`p.id <= ${upTo}`)}) AS found)`;
  }
  // The indexes of the filters have only products on sale.
  const hasFilters =
    !filters.includeDeleted &&
    (subtree !== '' || [filters.minPrice, filters.maxPrice, filters.inStock].some((one) => one !== undefined));
  const selects = subtree === '' ? hasFilters : `${hasFilters} AND (SELECT count(*) FROM subtree) <= ${MAX_CATEGORIES}`;
  const leaveLessThan = (limit: string | number) =>
    hasFilters ? `(SELECT count(*) FROM (${scans.leftByFilters(limit)} LIMIT ${limit}) AS few) < ${limit}` : 'false';
  const filtered = hasFilters
    ? scans.filtered(`(SELECT way FROM decision) IN ('few', 'filtered')`)
    : 'SELECT * FROM newest WHERE false';
  return `WITH ${subtree} ${selectCatalogue}, filtering AS MATERIALIZED (
      SELECT CASE WHEN size >= ${MIN_CATALOGUE} THEN ${leaveLessThan(FEW)} ELSE false END AS are_few FROM catalogue
    ), sampled AS MATERIALIZED (
      SELECT count(*) AS size, count(*) FILTER (WHERE ${matches}) AS matching,
             count(*) FILTER (WHERE ${matches} AND ${others()}) AS fitting
        FROM ${sampledProducts}
       WHERE ${criteria.includeDeleted ? 'true' : 'p.on_sale'} AND (SELECT size FROM catalogue) >= ${MIN_CATALOGUE}
         AND NOT (SELECT are_few FROM filtering)
    ), decision AS MATERIALIZED (
      SELECT CASE
          WHEN catalogue.size < ${MIN_CATALOGUE} THEN 'index'
          WHEN (SELECT are_few FROM filtering) THEN 'few'
          WHEN fitting >= share * sampled.size THEN 'newest'
          WHEN matching >= share * sampled.size AND ${selects} THEN 'filtered'
          ELSE 'index' END AS way
        FROM sampled, (SELECT size, ${SHARE} AS share FROM catalogue) AS catalogue
    ), newest AS MATERIALIZED (${scans.newest(`(SELECT way FROM decision) = 'newest'`)}
    ), filtered AS MATERIALIZED (${filtered}
    ), found AS MATERIALIZED (SELECT * FROM newest UNION ALL SELECT * FROM filtered
    ), outcome AS MATERIALIZED (
      SELECT CASE WHEN way = 'few' OR (SELECT count(*) FROM found) = ${MAX_RANKED} THEN true
                  WHEN way = 'filtered' THEN ${leaveLessThan(scans.most)} ELSE false END AS is_complete,
             CASE way WHEN 'newest' THEN '' ELSE '@' END || (SELECT id FROM found ORDER BY id DESC LIMIT 1) AS up_to
        FROM decision
    ), exact AS MATERIALIZED (
      ${exact()} AND NOT (SELECT is_complete FROM outcome) AND (SELECT size FROM catalogue) >= ${MIN_CATALOGUE}
    ), enough AS MATERIALIZED (
      SELECT count(*) = ${ENOUGH_EXACT} AS are_exact FROM (SELECT FROM exact LIMIT ${ENOUGH_EXACT}) AS first
    ), hits AS MATERIALIZED (
      SELECT id, search_words, (SELECT up_to FROM outcome) FROM found WHERE (SELECT is_complete FROM outcome)
      UNION ALL SELECT id, search_words, up_to FROM exact WHERE (SELECT are_exact FROM enough)
      UNION ALL ${indexed()} AND NOT (SELECT is_complete FROM outcome) AND NOT (SELECT are_exact FROM enough))`;
}

/** SQL for the scans, which return the first `MAX_RANKED` matches that they come to. */
function createScans(
  { minPrice, maxPrice, inStock, includeDeleted }: ProductCriteria,
  hasCategory: boolean,
  matches: string,
  others: () => string,
  bind: Bind,
) {
  const columns = 'p.id, p.on_sale, p.in_stock, p.search_words, p.price_minor, p.category_id';
  const onSale = includeDeleted ? 'true' : 'p.on_sale';
  const hasPrice = minPrice !== undefined || maxPrice !== undefined;
  // With a price, the index of prices is read backward: of equal prices, the newest product comes first.
  const order = hasPrice ? 'p.price_minor DESC, p.id DESC' : 'p.id DESC';
  const inOwn = () =>
    [
      ...(hasCategory ? ['p.category_id = subtree.id'] : []),
      ...conditions({ minPrice, maxPrice, inStock, includeDeleted }, bind),
    ].join(' AND ');
  const from = (inner: string) =>
    hasCategory ? `FROM subtree CROSS JOIN LATERAL (${inner}) AS p` : `FROM (${inner}) AS p`;
  // Never a plain number: PostgreSQL would plan for that many products, and might sort all that the filters leave. Mostly few are read.
  const most = hasCategory
    ? `(SELECT greatest(${MAX_SCANNED} / greatest(count(*), 1), ${FEW}) FROM subtree)`
    : `(SELECT ${MAX_SCANNED})`;
  return {
    /** Maximum number of products to scan, of each category. */
    most,
    /** The newest products of the catalogue. */
    newest: (condition: string) =>
      `SELECT p.id, p.search_words FROM (
         SELECT ${columns} FROM products p WHERE ${onSale} AND ${condition} ORDER BY p.id DESC LIMIT ${MAX_SCANNED}) AS p
        WHERE ${matches} AND ${others()} ORDER BY p.id DESC LIMIT ${MAX_RANKED}`,
    /** The products that the filters leave, in the order of an index: of each category, as many. */
    filtered: (condition: string) =>
      `SELECT p.id, p.search_words ${from(`
         SELECT * FROM (SELECT ${columns} FROM products p WHERE ${inOwn()} AND ${condition} ORDER BY ${order} LIMIT ${most}) AS p
          WHERE ${matches} ORDER BY ${order} LIMIT ${MAX_RANKED}`)} ORDER BY ${order} LIMIT ${MAX_RANKED}`,
    leftByFilters: (limit: string | number) =>
      `SELECT 1 ${from(`SELECT 1 FROM products p WHERE ${inOwn()} ORDER BY ${order} LIMIT ${limit}`)}`,
  };
}

/**
 * SQL for all products that match the criteria, as the table `hits`. MATERIALIZED makes PostgreSQL plan for all rows,
 * through the index on words. It still reads only as many as are requested.
 */
export function allMatches(criteria: ProductCriteria, bind: Bind): string {
  const { category } = criteria;
  const subtree = category === undefined ? '' : `${selectSubtree(bind(category, 'text'))},`;
  const where = [...conditions(criteria, bind), ...(subtree ? [inSubtree] : [])].join(' AND ');
  return `WITH ${subtree} hits AS ${criteria.search === undefined ? '' : 'MATERIALIZED '}(SELECT p.id FROM products p WHERE ${where})`;
}
