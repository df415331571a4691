import { fingerprint, parsePage, plainText, type PageArguments } from '@shop/subgraph';
import { z } from 'zod';
import type { ProductPage } from '../db/product-list.ts';
import type { ListedProduct } from '../db/product-rows.ts';
import type { ProductOrder } from '../domain/product-order.ts';

const createCursor = (key: z.ZodType<string>) => z.tuple([key, z.uuid()]);

/** The sort key and the id of a product. Made once: each page would take longer to make them than to use them. */
const cursors: Readonly<Record<ProductOrder['by'], ReturnType<typeof createCursor>>> = {
  // A score, and what is ranked.
  RELEVANCE: createCursor(z.string().regex(/^\d{1,9}(@(=|@?[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}))?$/)),
  NAME: createCursor(plainText(200)),
  PRICE: createCursor(z.string().regex(/^\d{1,15}$/)),
  CREATED_AT: createCursor(z.literal('')),
};

/**
 * Creates and parses the cursors of one order of products. Another order refuses them: a score has no meaning
 * in another search, and a name has none among prices.
 */
export function createProductCursors({ by, direction }: ProductOrder, words: readonly string[]) {
  const kind = by === 'RELEVANCE' ? fingerprint(words).slice(0, 8) : direction;
  return {
    parse: (args: PageArguments): ProductPage => parsePage(args, cursors[by], [by, kind]),
    toParts: ({ id, sortKey }: ListedProduct) => [by, kind, sortKey ?? '', id],
  };
}
