import { isUuid } from '@shop/service';
import type { Context } from '../context.ts';
import type { Product as ProductRow } from '../domain/product.ts';
import { availableOf } from '../domain/stock.ts';

type Reference = { readonly id: string } | { readonly sku: string };

async function availableQuantity({ id }: ProductRow, _args: unknown, { stocks }: Context): Promise<number> {
  const stock = await stocks.load(id);
  return stock ? availableOf(stock) : 0;
}

export const Product = {
  // A product that is off sale is still what an order's line refers to, so a reference finds it.
  __resolveReference: (reference: Reference, { products, productsBySku }: Context) => {
    if ('sku' in reference) return productsBySku.load(reference.sku);
    return isUuid(reference.id) ? products.load(reference.id.toLowerCase()) : null;
  },
  price: ({ priceMinor, currencyCode }: ProductRow) => ({ amount: priceMinor, currencyCode }),
  category: ({ categoryId }: ProductRow, _args: unknown, { categories }: Context) =>
    categoryId === null ? null : categories.load(categoryId),
  availableQuantity,
  inStock: async (product: ProductRow, args: unknown, context: Context) =>
    (await availableQuantity(product, args, context)) > 0,
  inventory: ({ id }: ProductRow, _args: unknown, { stocks }: Context) => stocks.load(id),
};
