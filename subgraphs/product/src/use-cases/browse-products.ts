import { buildConnection, countLazily, type PageArguments } from '@shop/subgraph';
import type { ProductCriteria, Search } from '../db/product-criteria.ts';
import { listProducts, type ProductPage } from '../db/product-list.ts';
import type { ListedProduct } from '../db/product-rows.ts';
import { countProducts, prepareSearch, searchProducts } from '../db/product-search.ts';
import type { ProductOrder } from '../domain/product-order.ts';
import { toSearchTerms } from '../domain/search-query.ts';
import { readCriteria, readOrder, readSearch, type ProductFilter, type ProductSort } from './browse-products.input.ts';
import { correctSpelling } from './correct-spelling.ts';
import type { Dependencies } from './dependencies.ts';
import { createProductCursors } from './product-cursor.ts';

export interface BrowseProducts extends PageArguments {
  readonly filter?: ProductFilter | null;
  readonly sort?: ProductSort | null;
}

/** One page of products. They are counted only when the count is requested. */
export async function browseProducts(
  dependencies: Dependencies,
  { filter, sort, ...args }: BrowseProducts,
  maySeeDeleted: boolean,
) {
  const order = readOrder(sort, filter ?? {});
  const words = readSearch(filter ?? {});
  const cursors = createProductCursors(order, words ?? []);
  const page = cursors.parse(args);
  const criteria = readCriteria(filter ?? {}, maySeeDeleted);
  const isEmpty = criteria === null || words?.length === 0;

  const found = isEmpty ? { rows: [], criteria: null } : await find(dependencies, criteria, words, order, page);
  return {
    ...buildConnection(found.rows, page, cursors.toParts),
    ...countLazily(async (limit) =>
      found.criteria === null
        ? 0
        : countProducts(dependencies.database, found.criteria, order.by === 'RELEVANCE', limit),
    ),
  };
}

interface Found {
  readonly rows: readonly ListedProduct[];
  readonly criteria: ProductCriteria;
}

async function find(
  dependencies: Dependencies,
  criteria: ProductCriteria,
  words: readonly string[] | undefined,
  order: ProductOrder,
  page: ProductPage,
): Promise<Found> {
  const { database } = dependencies;
  const read = (search: Search) =>
    order.by === 'RELEVANCE'
      ? searchProducts(database, { ...criteria, search }, page)
      : listProducts(database, { ...criteria, search }, order, page);

  if (words === undefined) return { criteria, rows: await listProducts(database, criteria, order, page) };
  const search = await prepareSearch(database, toSearchTerms(words.map((word) => [word])));
  const rows = await read(search);
  if (rows.length > 0) return { criteria: { ...criteria, search }, rows };
  // No product matches, so the words may be misspelt.
  const corrected = await correctSpelling(dependencies, words, search);
  if (corrected === null) return { criteria: { ...criteria, search }, rows };
  return { criteria: { ...criteria, search: corrected }, rows: await read(corrected) };
}
