import { badUserInput } from '@shop/graphql';
import { isUuid } from '@shop/subgraph';
import type { ProductOrder } from '../domain/product-order.ts';
import { bestMatchFirst, newestFirst } from '../domain/product-order.ts';
import { wordsOf } from '../domain/search-query.ts';
import type { ProductCriteria } from '../db/product-criteria.ts';
import { categorySlug } from './product.input.ts';

/** As the schema has it. */
export interface ProductFilter {
  readonly search?: string | null;
  readonly category?: string | null;
  readonly minPrice?: number | null;
  readonly maxPrice?: number | null;
  readonly inStock?: boolean | null;
  readonly ids?: readonly string[] | null;
  readonly includeDeleted?: boolean | null;
}

export interface ProductSort {
  readonly field: ProductOrder['by'];
  readonly direction: ProductOrder['direction'];
}

const MAX_IDS = 100;

/** What a filter asks for, but for its search. Null where nothing can meet it: no product has a price below zero. */
export function readCriteria(filter: ProductFilter, maySeeDeleted: boolean): ProductCriteria | null {
  const { category, minPrice, maxPrice, inStock, ids, includeDeleted } = filter;
  if (ids && ids.length > MAX_IDS) throw badUserInput(`ids takes ${MAX_IDS} at most.`);
  if (category != null && !categorySlug.safeParse(category).success) return null;
  return {
    category: category ?? undefined,
    minPrice: minPrice ?? undefined,
    maxPrice: maxPrice ?? undefined,
    inStock: inStock ?? undefined,
    // What is no id is no product's id.
    ids: ids?.filter(isUuid),
    includeDeleted: maySeeDeleted && includeDeleted === true,
  };
}

/** The words to search for; undefined where there is no search: an empty text is one that nobody has typed yet. */
export function readSearch({ search }: ProductFilter): readonly string[] | undefined {
  return search == null || search.trim() === '' ? undefined : wordsOf(search);
}

/** @throws GraphQLError BAD_USER_INPUT for RELEVANCE without a search */
export function readOrder(sort: ProductSort | null | undefined, filter: ProductFilter): ProductOrder {
  const isSearch = readSearch(filter) !== undefined;
  if (!sort) return isSearch ? bestMatchFirst : newestFirst;
  if (sort.field !== 'RELEVANCE') return { by: sort.field, direction: sort.direction };
  if (isSearch) return bestMatchFirst;
  if (filter.search == null) throw badUserInput('RELEVANCE needs a search.');
  return newestFirst;
}
