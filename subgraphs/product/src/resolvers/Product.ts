import { isUuid, type CompleteFields } from '@shop/subgraph';
import type { Context } from '../context.ts';
import { countAvailable } from '../domain/stock.ts';
import type { ProductParent } from './parents.ts';
import type { ProductResolvers } from './schema-types.ts';

async function availableQuantity({ id }: ProductParent, _args: unknown, { stocks }: Context): Promise<number> {
  const stock = await stocks.load(id);
  return stock ? countAvailable(stock) : 0;
}

export const Product = {
  // Order lines refer to products that are off sale too, so a reference finds them.
  __resolveReference: (reference, { products, productsBySku }) => {
    if ('sku' in reference) return productsBySku.load(reference.sku);
    return isUuid(reference.id) ? products.load(reference.id.toLowerCase()) : null;
  },
  price: ({ priceMinor, currencyCode }) => ({ amount: priceMinor, currencyCode }),
  category: ({ categoryId }, _args, { categories }) => (categoryId === null ? null : categories.load(categoryId)),
  availableQuantity,
  inStock: async (product, args, context) => (await availableQuantity(product, args, context)) > 0,
  stockVersion: async ({ id }, _args, { stocks }) => (await stocks.load(id))?.sequence ?? 0,
  inventory: ({ id }, _args, { stocks }) => stocks.load(id),
} satisfies CompleteFields<ProductResolvers>;
