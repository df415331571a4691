import { sqlOver } from '@shop/service';
import type { Database } from './database.ts';
import { conditions, createBinder, queryFor, subtreeOf, type Bind, type ProductCriteria } from './product-criteria.ts';
import type { ProductPage } from './product-list.ts';
import { productColumns, toListedProduct, type ListedProduct } from './product-rows.ts';

/**
 * Matches that are ranked. Where more match, the words tell next to nothing apart, and ranking all of them would make a
 * search as slow as the catalogue is large: the list is of this many.
 */
export const MAX_RANKED = 500;

/** One row more than a page, the best match first (last where the page is read backward). */
export async function searchProducts(
  { client }: Database,
  criteria: ProductCriteria & { readonly search: string },
  page: ProductPage,
): Promise<ListedProduct[]> {
  const { values, bind } = createBinder();
  const place = page.direction === 'forward' ? page.after : page.before;
  const [read, sign] = page.direction === 'forward' ? ['DESC', '<'] : ['ASC', '>'];
  const beyond = place ? `WHERE (score, id) ${sign} (${bind(place[0], 'int')}, ${bind(place[1], 'uuid')})` : '';
  const rows = await sqlOver(client).query<Parameters<typeof toListedProduct>[0]>(
    `${hits(criteria, bind)}, ranked AS (
       SELECT id, (1000000 * ts_rank(search_document, ${queryFor(criteria.search, bind)}, 1))::int AS score
         FROM (SELECT * FROM hits LIMIT ${bind(MAX_RANKED, 'int')}) AS taken
     ), best AS (
       SELECT id, score FROM ranked ${beyond} ORDER BY score ${read}, id ${read} LIMIT ${bind(page.limit + 1, 'int')}
     )
     SELECT ${productColumns}, best.score AS "sortKey"
       FROM best JOIN products p USING (id) ORDER BY best.score ${read}, p.id ${read}`,
    values,
  );
  return rows.map(toListedProduct);
}

/** How many products a list has; those of a ranked list are never more than are ranked. */
export async function countProducts({ client }: Database, criteria: ProductCriteria, isRanked: boolean): Promise<number> {
  const { values, bind } = createBinder();
  const [row] = await sqlOver(client).query<{ count: number }>(
    `${hits(criteria, bind)} SELECT count(*)::int AS count FROM (SELECT 1 FROM hits ${isRanked ? `LIMIT ${MAX_RANKED}` : ''}) AS taken`,
    values,
  );
  return row?.count ?? 0;
}

/** Whether customers find anything by the words alone. */
export async function matchesAnything({ client }: Database, search: string): Promise<boolean> {
  const { values, bind } = createBinder();
  const rows = await sqlOver(client).query(`${hits({ search }, bind)} SELECT 1 FROM hits LIMIT 1`, values);
  return rows.length > 0;
}

/**
 * The products that criteria leave, as the table `hits`. MATERIALIZED makes PostgreSQL plan for all of them, through the
 * index on words; it reads no more than is asked for even so.
 */
function hits(criteria: ProductCriteria, bind: Bind): string {
  const { category } = criteria;
  const subtree = category === undefined ? '' : `${subtreeOf(bind(category, 'text'))},`;
  const all = conditions(criteria, bind);
  if (category !== undefined) all.push('p.category_id IN (SELECT id FROM subtree)');
  return `WITH ${subtree} hits AS ${criteria.search === undefined ? '' : 'MATERIALIZED '}(
    SELECT p.id, p.search_document FROM products p WHERE ${all.join(' AND ')})`;
}
