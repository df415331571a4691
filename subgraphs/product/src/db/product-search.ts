import { type CountLimit, createBinder, selectCount } from '@shop/subgraph';
import type { Database } from './database.ts';
import { isLarge, MIN_CATALOGUE, sampledProducts, selectCatalogue } from './catalogue-sample.ts';
import { areCounted, selectKeptCount } from './product-counts.ts';
import { isFound, queryFor, type ProductCriteria, type Search } from './product-criteria.ts';
import type { ProductPage } from './product-list.ts';
import { productColumns, toListedProducts, type ListedProduct, type ListedRow } from './product-rows.ts';
import { allMatches, MAX_RANKED, rankedMatches, type Ranked, type Searched } from './ranked-matches.ts';

/** Maximum number of known words that stand for their beginning. A text that begins more words is looked for as a beginning. */
const MAX_COMPLETIONS = 10;

/**
 * Prepares a search. In a small catalogue nothing is asked: the index is fast for any search.
 *
 * @param terms as `toSearchTerms` writes them
 */
export async function prepareSearch(database: Database, terms: readonly string[]): Promise<Search> {
  const isAsked = await isLarge(database);
  return { terms, ...(isAsked ? await askAboutWords(database, terms) : { partsOfSkus: null, completions: [] }) };
}

/**
 * Finds out which words are parts of SKUs, and which known words begin with the text, if that is a single word. Few words are parts of
 * SKUs: a search that does not look for the others there reads far less of the index. And the index reads the products of whole words in
 * less than half the time of those of a beginning.
 */
export async function askAboutWords(
  { lists }: Database,
  terms: readonly string[],
): Promise<Pick<Search, 'partsOfSkus' | 'completions'>> {
  const { values, bind } = createBinder();
  const words = terms.flatMap((term) => term.split(' '));
  const texts = terms.length === 1 ? words : [...words, terms.join('')];
  // MATERIALIZED makes PostgreSQL plan for all rows, through the index. It still stops at the first one.
  const parts = texts.map(
    (text, at) =>
      `part${at} AS MATERIALIZED (SELECT FROM products p WHERE p.search_words @@ sku_part(${bind(text, 'text')}))`,
  );
  const [word = '', ...others] = words;
  const known =
    others.length > 0
      ? 'NULL'
      : `ARRAY(SELECT word FROM product_words WHERE word LIKE ${bind(`${word}%`, 'text')} LIMIT ${MAX_COMPLETIONS + 1})`;
  const [row] = await lists.query<{ parts: boolean[]; known: string[] | null }>(
    `WITH ${parts.join(', ')}
     SELECT ARRAY[${texts.map((_, at) => `EXISTS (SELECT FROM part${at})`).join(', ')}] AS parts, ${known} AS known`,
    values,
  );
  const { parts: partsOfSkus = [], known: beginnings = null } = row ?? {};
  const isBeginning = beginnings !== null && beginnings.length <= MAX_COMPLETIONS && !beginnings.includes(word);
  return { partsOfSkus, completions: isBeginning ? beginnings : [] };
}

/** Lists the best matches first, or last if the page is read backward. Returns one row more than a page. */
export async function searchProducts(
  { lists }: Database,
  criteria: Searched,
  page: ProductPage,
): Promise<ListedProduct[]> {
  const { values, bind } = createBinder();
  const place = page.direction === 'forward' ? page.after : page.before;
  const { score, ranked } = readKey(place?.[0]);
  const [read, sign] = page.direction === 'forward' ? ['DESC', '<'] : ['ASC', '>'];
  const beyond = place ? `WHERE (score, id) ${sign} (${bind(score, 'int')}, ${bind(place[1], 'uuid')})` : '';
  const rows = await lists.query<ListedRow>(
    `${rankedMatches(criteria, ranked, bind)}, ranked AS (
       SELECT id, (1000000 * ts_rank(search_words, ${queryFor(criteria.search, bind)}, 1))::int AS score, up_to
         FROM (SELECT * FROM hits LIMIT ${MAX_RANKED}) AS taken
     ), best AS (
       SELECT id, score, up_to FROM ranked ${beyond} ORDER BY score ${read}, id ${read} LIMIT ${bind(page.limit + 1, 'int')}
     )
     SELECT ${productColumns}, concat_ws('@', best.score, best.up_to) AS "sortKey"
       FROM best JOIN products p USING (id) ORDER BY best.score ${read}, p.id ${read}`,
    values,
  );
  return toListedProducts(rows);
}

/** The sort key is the score. After an @ comes what is ranked, unless it is what the index on words found. */
function readKey(key: string | undefined): { score?: string | undefined; ranked: Ranked } {
  if (key === undefined) return { ranked: undefined };
  const at = key.indexOf('@');
  return at === -1 ? { score: key, ranked: null } : { score: key.slice(0, at), ranked: key.slice(at + 1) };
}

/**
 * Counts the products of a list, up to the limit. A ranked list has at most as many as are ranked. Numbers that are kept are read, whatever
 * the limit.
 */
export async function countProducts(
  { lists }: Database,
  criteria: ProductCriteria,
  isRanked: boolean,
  limit: CountLimit,
): Promise<number> {
  const { values, bind } = createBinder();
  const { search } = criteria;
  if (areCounted(criteria)) {
    const [row] = await lists.query<{ count: number }>(selectKeptCount(criteria, bind), values);
    return Math.min(row?.count ?? 0, limit ?? Infinity);
  }
  const counted =
    isRanked && search !== undefined
      ? `${rankedMatches({ ...criteria, search }, undefined, bind)}
         ${selectCount('SELECT FROM hits', MAX_RANKED)}`
      : `${allMatches(criteria, bind)} ${selectCount('SELECT FROM hits', limit)}`;
  const [row] = await lists.query<{ count: number }>(counted, values);
  return row?.count ?? 0;
}

/**
 * Returns whether the words alone find any product on sale. A sample usually has one with a common word, where the index on words would
 * first read all its matches.
 */
export async function matchesAnything({ lists }: Database, search: Search): Promise<boolean> {
  const { values, bind } = createBinder();
  const rows = await lists.query(
    `${allMatches({ search }, bind)}, ${selectCatalogue}
     SELECT 1 FROM ${sampledProducts}
      WHERE (SELECT size FROM catalogue) >= ${MIN_CATALOGUE} AND p.on_sale AND ${isFound(search, bind)}
     UNION ALL SELECT 1 FROM hits LIMIT 1`,
    values,
  );
  return rows.length > 0;
}
