import { isUuid, type CompleteFields, type Preload } from '@shop/subgraph';
import type { Context } from '../context.ts';
import { countAvailable, type Stock } from '../domain/stock.ts';
import type { ProductParent } from './parents.ts';
import type { ProductResolvers } from './schema-types.ts';

const availableOf = (stock: Stock | null): number => (stock === null ? 0 : countAvailable(stock));

const needStock = ['availableQuantity', 'inStock', 'stockVersion', 'inventory'];

export const preloadProducts: Preload<ProductParent, Context> = (products, { categories, stocks }, selected) => [
  needStock.some((field) => selected.has(field)) && stocks.preload(products.map(({ id }) => id)),
  selected.has('category') && categories.preload(products.flatMap(({ categoryId }) => categoryId ?? [])),
];

export const Product = {
  // Order lines refer to products that are off sale too, so a reference finds them.
  __resolveReference: (reference, { products, productsBySku }) => {
    if ('sku' in reference) return productsBySku.load(reference.sku);
    return isUuid(reference.id) ? products.load(reference.id.toLowerCase()) : null;
  },
  price: ({ priceMinor, currencyCode }) => ({ amount: priceMinor, currencyCode }),
  category: ({ categoryId }, _args, { categories }) => (categoryId === null ? null : categories.load(categoryId)),
  availableQuantity: ({ id }, _args, { stocks }) => stocks.read(id, availableOf),
  inStock: ({ id }, _args, { stocks }) => stocks.read(id, (stock) => availableOf(stock) > 0),
  stockVersion: ({ id }, _args, { stocks }) => stocks.read(id, (stock) => stock?.sequence ?? 0),
  inventory: ({ id }, _args, { stocks }) => stocks.load(id),
} satisfies CompleteFields<ProductResolvers>;
