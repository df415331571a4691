import { type RawSqlClient, shareLoads } from '@shop/subgraph';
import type { Category } from '../domain/category.ts';
import type { Product } from '../domain/product.ts';
import type { Stock } from '../domain/stock.ts';
import { loadCategories, loadProducts, loadStocks } from './rows-by-id.ts';

/** Statements that concurrent requests of this process share. All keys are ids. */
export interface SharedStatements {
  loadProducts(ids: readonly string[]): Promise<ReadonlyMap<string, Product>>;
  loadStocks(productIds: readonly string[]): Promise<ReadonlyMap<string, Stock>>;
  loadCategories(ids: readonly string[]): Promise<ReadonlyMap<string, Category>>;
}

export function shareStatements(client: RawSqlClient): SharedStatements {
  return {
    loadProducts: shareLoads((ids) => loadProducts(client, ids), 'load products'),
    loadStocks: shareLoads((productIds) => loadStocks(client, productIds), 'load stocks'),
    loadCategories: shareLoads((ids) => loadCategories(client, ids), 'load categories'),
  };
}
