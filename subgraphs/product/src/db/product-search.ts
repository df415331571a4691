import { type CountLimit, createBinder, selectCount } from '@shop/subgraph';
import type { Database } from './database.ts';
import { MIN_CATALOGUE, sampledProducts, selectCatalogue } from './catalogue-sample.ts';
import { filterFor, queryFor, type ProductCriteria } from './product-criteria.ts';
import type { ProductPage } from './product-list.ts';
import { productColumns, toListedProducts, type ListedProduct, type ListedRow } from './product-rows.ts';
import { allMatches, MAX_RANKED, rankedMatches, type Ranked } from './ranked-matches.ts';

/** Lists the best matches first, or last if the page is read backward. Returns one row more than a page. */
export async function searchProducts(
  { lists }: Database,
  criteria: ProductCriteria & { readonly search: readonly string[] },
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

/** Counts the products of a list, up to the limit. A ranked list has at most as many as are ranked. */
export async function countProducts(
  { lists }: Database,
  criteria: ProductCriteria,
  isRanked: boolean,
  limit: CountLimit,
): Promise<number> {
  const { values, bind } = createBinder();
  const { search } = criteria;
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
export async function matchesAnything({ lists }: Database, search: readonly string[]): Promise<boolean> {
  const { values, bind } = createBinder();
  const rows = await lists.query(
    `${allMatches({ search }, bind)}, ${selectCatalogue}
     SELECT 1 FROM ${sampledProducts}
      WHERE (SELECT size FROM catalogue) >= ${MIN_CATALOGUE} AND p.on_sale AND p.search_words @@ ${filterFor(search, bind)}
     UNION ALL SELECT 1 FROM hits LIMIT 1`,
    values,
  );
  return rows.length > 0;
}
