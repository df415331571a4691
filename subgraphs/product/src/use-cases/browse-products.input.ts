import { badUserInput } from '@shop/graphql';
import { isUuid } from '@shop/subgraph';
import type { ProductOrder } from '../domain/product-order.ts';
import { bestMatchFirst, newestFirst } from '../domain/product-order.ts';
import { splitWords } from '../domain/search-query.ts';
import type { ProductCriteria } from '../db/product-criteria.ts';
import { categorySlug } from './product.input.ts';

/** The input as in the schema. */
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

/**
 * Reads the conditions of a filter except the search. Returns null when no product can match, such as for a negative
 * price.
 */
export function readCriteria(filter: ProductFilter, maySeeDeleted: boolean): ProductCriteria | null {
  const { category, minPrice, maxPrice, inStock, ids, includeDeleted } = filter;
  if (ids && ids.length > MAX_IDS) throw badUserInput(`ids takes ${MAX_IDS} at most.`);
  if (category != null && !categorySlug.safeParse(category).success) return null;
  return {
    category: category ?? undefined,
    minPrice: minPrice ?? undefined,
    maxPrice: maxPrice ?? undefined,
    inStock: inStock ?? undefined,
    // An invalid id matches no product.
    ids: ids?.filter(isUuid),
    includeDeleted: maySeeDeleted && includeDeleted === true,
  };
}

/** Reads the words of a search. Undefined without a search: an empty text means that nothing was typed yet. */
export function readSearch({ search }: ProductFilter): readonly string[] | undefined {
  return search == null || search.trim() === '' ? undefined : splitWords(search);
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
