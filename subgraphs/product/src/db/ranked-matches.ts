import type { Bind } from '@shop/subgraph';
import { conditions, inSubtree, selectSubtree, type ProductCriteria } from './product-criteria.ts';

/**
 * Maximum number of ranked matches. If more products match, the words hardly distinguish them, and ranking all would
 * make a search slower with each product.
 */
export const MAX_RANKED = 500;

/** Maximum number of newest products to scan for matches of a common word. */
const MAX_LOOKED_THROUGH = 10_000;

/**
 * The sample of newest products that shows whether words are common. One match in twenty is enough; the sample
 * requires more.
 */
const SAMPLE = 200;
const MIN_IN_SAMPLE = 16;

/** In a smaller catalogue the index is as fast. The size is PostgreSQL's estimate, which autovacuum maintains. */
const MIN_CATALOGUE = 20_000;

/**
 * The matches to rank. Undefined on a first page, which decides. Cursors carry the decision, so that all pages are of
 * the same list. Null: the first matches in the index on words. An id: the newest matches, from that product
 * backward.
 */
export type Ranked = string | null | undefined;

type Searched = ProductCriteria & { readonly search: readonly string[] };

/**
 * SQL for the products to rank, as the table `hits`, with `up_to` as in `Ranked`.
 * The index on words reads all matches before it returns the first, which is slow for a common word in a large
 * catalogue. If a sample shows that a word is common, the newest products are scanned one by one until there are
 * enough matches. If the sample was wrong, the index is used after all.
 */
export function rankedMatches(criteria: Searched, ranked: Ranked, bind: Bind): string {
  const { subtree, where } = matching(criteria, bind);
  const onSale = criteria.includeDeleted ? 'true' : 'p.on_sale';
  const newest = (count: number, condition: string) => `
    (SELECT p.id, p.on_sale, p.search_words, p.price_minor, p.category_id FROM products p
      WHERE ${onSale} AND ${condition} ORDER BY p.id DESC LIMIT ${count}) AS p WHERE ${where}`;
  const among = (condition: string) =>
    `SELECT p.id, p.search_words FROM ${newest(MAX_LOOKED_THROUGH, condition)} ORDER BY p.id DESC LIMIT ${MAX_RANKED}`;
  const indexed = `SELECT p.id, p.search_words, NULL::uuid AS up_to FROM products p WHERE ${where}`;

  // A list of at most a hundred ids is fast in any case.
  if (ranked === null || criteria.ids !== undefined) return `WITH ${subtree} hits AS MATERIALIZED (${indexed})`;
  if (ranked !== undefined) {
    const upTo = bind(ranked, 'uuid');
    return `WITH ${subtree} hits AS MATERIALIZED (SELECT found.*, ${upTo} AS up_to FROM (${among(`p.id <= ${upTo}`)}) AS found)`;
  }
  const isCommon = `(SELECT reltuples FROM pg_class WHERE oid = 'products'::regclass) >= ${MIN_CATALOGUE}
    AND (SELECT count(*) FROM ${newest(SAMPLE, 'true')}) >= ${MIN_IN_SAMPLE}`;
  return `WITH ${subtree} newest AS MATERIALIZED (${among(isCommon)}),
    hits AS MATERIALIZED (
      SELECT id, search_words, (SELECT id FROM newest ORDER BY id DESC LIMIT 1) AS up_to FROM newest
       WHERE (SELECT count(*) FROM newest) = ${MAX_RANKED}
      UNION ALL ${indexed} AND (SELECT count(*) FROM newest) < ${MAX_RANKED})`;
}

/**
 * SQL for all products that match the criteria, as the table `hits`. MATERIALIZED makes PostgreSQL plan for all rows,
 * through the index on words. It still reads only as many as are requested.
 */
export function allMatches(criteria: ProductCriteria, bind: Bind): string {
  const { subtree, where } = matching(criteria, bind);
  return `WITH ${subtree} hits AS ${criteria.search === undefined ? '' : 'MATERIALIZED '}(SELECT p.id FROM products p WHERE ${where})`;
}

function matching(criteria: ProductCriteria, bind: Bind): { subtree: string; where: string } {
  const { category } = criteria;
  const all = conditions(criteria, bind);
  if (category === undefined) return { subtree: '', where: all.join(' AND ') };
  return { subtree: `${selectSubtree(bind(category, 'text'))},`, where: [...all, inSubtree].join(' AND ') };
}
