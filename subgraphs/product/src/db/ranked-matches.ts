import { conditions, inSubtree, selectSubtree, type Bind, type ProductCriteria } from './product-criteria.ts';

/**
 * Matches that are ranked. Where more match, the words tell next to nothing apart, and ranking all of them would make a
 * search as slow as the catalogue is large: the list is of this many.
 */
export const MAX_RANKED = 500;

/** Products that are looked through for enough matches of a common word, newest first. */
const MAX_LOOKED_THROUGH = 10_000;

/** The newest products tell whether words are that common: one in twenty would be enough, and more than that has to match. */
const SAMPLE = 200;
const MIN_IN_SAMPLE = 16;

/** In a smaller catalogue the index is as quick. PostgreSQL's estimate, which autovacuum keeps, says how large it is. */
const MIN_CATALOGUE = 20_000;

/**
 * Which matches are ranked. Undefined on a first page, which decides; its cursors keep it, since further pages are of the
 * same list. Null: those that the index on words has first. An id: the newest ones, from that product backward.
 */
export type Ranked = string | null | undefined;

type Searched = ProductCriteria & { readonly search: string };

/**
 * The products to rank, as the table `hits`, with `up_to` as in `Ranked`. The index on words reads every match before it
 * gives the first, which for a common word takes the longer the larger the catalogue is. The newest products soon have
 * enough such matches, other conditions included: they are read one by one, where a sample of them says so, and where
 * it is wrong, the index is asked after all.
 */
export function rankedMatches(criteria: Searched, ranked: Ranked, bind: Bind): string {
  const { subtree, where } = matching(criteria, bind);
  const onSale = criteria.includeDeleted ? 'true' : 'p.on_sale';
  const newest = (count: number, condition: string) => `
    (SELECT p.id, p.on_sale, p.search_document, p.price_minor, p.category_id FROM products p
      WHERE ${onSale} AND ${condition} ORDER BY p.id DESC LIMIT ${count}) AS p WHERE ${where}`;
  const among = (condition: string) =>
    `SELECT p.id, p.search_document FROM ${newest(MAX_LOOKED_THROUGH, condition)} ORDER BY p.id DESC LIMIT ${MAX_RANKED}`;
  const indexed = `SELECT p.id, p.search_document, NULL::uuid AS up_to FROM products p WHERE ${where}`;

  // A hundred ids at most leave nothing to save.
  if (ranked === null || criteria.ids !== undefined) return `WITH ${subtree} hits AS MATERIALIZED (${indexed})`;
  if (ranked !== undefined) {
    const upTo = bind(ranked, 'uuid');
    return `WITH ${subtree} hits AS MATERIALIZED (SELECT found.*, ${upTo} AS up_to FROM (${among(`p.id <= ${upTo}`)}) AS found)`;
  }
  const isCommon = `(SELECT reltuples FROM pg_class WHERE oid = 'products'::regclass) >= ${MIN_CATALOGUE}
    AND (SELECT count(*) FROM ${newest(SAMPLE, 'true')}) >= ${MIN_IN_SAMPLE}`;
  return `WITH ${subtree} newest AS MATERIALIZED (${among(isCommon)}),
    hits AS MATERIALIZED (
      SELECT id, search_document, (SELECT id FROM newest ORDER BY id DESC LIMIT 1) AS up_to FROM newest
       WHERE (SELECT count(*) FROM newest) = ${MAX_RANKED}
      UNION ALL ${indexed} AND (SELECT count(*) FROM newest) < ${MAX_RANKED})`;
}

/**
 * All products that criteria leave, as the table `hits`. MATERIALIZED makes PostgreSQL plan for all of them, through the
 * index on words; it reads no more than is asked for even so.
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
