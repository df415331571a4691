import { fingerprint, parsePage, plainText, type PageArguments } from '@shop/subgraph';
import { z } from 'zod';
import type { ProductPage } from '../db/product-list.ts';
import type { ListedProduct } from '../db/product-rows.ts';
import type { ProductOrder } from '../domain/product-order.ts';

const keys: Readonly<Record<ProductOrder['by'], z.ZodType<string>>> = {
  // A score and, if products were scanned, the newest ranked one. A second @ says that filters selected the products.
  RELEVANCE: z.string().regex(/^\d{1,9}(@@?[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})?$/),
  NAME: plainText(200),
  PRICE: z.string().regex(/^\d{1,15}$/),
  CREATED_AT: z.literal(''),
};

/**
 * Creates and parses the cursors of one order of products. Another order refuses them: a score has no meaning
 * in another search, and a name has none among prices.
 */
export function createProductCursors({ by, direction }: ProductOrder, words: readonly string[]) {
  const kind = by === 'RELEVANCE' ? fingerprint(words).slice(0, 8) : direction;
  const cursor = z
    .tuple([z.literal(by), z.literal(kind), keys[by], z.uuid()])
    .transform(([, , key, id]): readonly [string, string] => [key, id]);
  return {
    parse: (args: PageArguments): ProductPage => parsePage(args, cursor),
    toParts: ({ id, sortKey }: ListedProduct) => [by, kind, sortKey ?? '', id],
  };
}
