import { isUuid, type CompleteFields } from '@shop/subgraph';
import { countAvailable, type Stock } from '../domain/stock.ts';
import type { ProductResolvers } from './schema-types.ts';

const availableOf = (stock: Stock | null): number => (stock === null ? 0 : countAvailable(stock));

export const Product = {
  // Order lines refer to products that are off sale too, so a reference finds them.
  __resolveReference: (reference, { products, productsBySku }) => {
    if ('sku' in reference) return productsBySku.load(reference.sku);
    return isUuid(reference.id) ? products.load(reference.id.toLowerCase()) : null;
  },
  price: ({ priceMinor, currencyCode }) => ({ amount: priceMinor, currencyCode }),
  category: ({ categoryId }, _args, { categories }) => (categoryId === null ? null : categories.load(categoryId)),
  availableQuantity: async ({ id }, _args, { stocks }) => availableOf(await stocks.load(id)),
  inStock: async ({ id }, _args, { stocks }) => availableOf(await stocks.load(id)) > 0,
  stockVersion: async ({ id }, _args, { stocks }) => (await stocks.load(id))?.sequence ?? 0,
  inventory: ({ id }, _args, { stocks }) => stocks.load(id),
} satisfies CompleteFields<ProductResolvers>;
