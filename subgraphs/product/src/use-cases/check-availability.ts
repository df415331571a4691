import { badUserInput } from '@shop/graphql';
import { isUuid } from '@shop/subgraph';
import type { Product } from '../domain/product.ts';
import { countAvailable, type Stock } from '../domain/stock.ts';

/** Loaders of one request. */
interface Loaders {
  readonly products: { load(id: string): Promise<Product | null> };
  readonly stocks: { load(productId: string): Stock | null | Promise<Stock | null> };
}

interface Line {
  readonly productId: string;
  readonly quantity: number;
}

const MAX_LINES = 100;
const MAX_QUANTITY = 1_000;

/**
 * Checks which lines could be reserved right now. Lines of the same product share its stock, as in an order.
 * @throws GraphQLError BAD_USER_INPUT for no lines, too many lines, or an invalid quantity
 */
export async function checkAvailability({ products, stocks }: Loaders, lines: readonly Line[]) {
  if (lines.length < 1 || lines.length > MAX_LINES) throw badUserInput(`items takes 1 to ${MAX_LINES} lines.`);
  if (lines.some(({ quantity }) => quantity < 1 || quantity > MAX_QUANTITY)) {
    throw badUserInput(`quantity must be from 1 to ${MAX_QUANTITY}.`);
  }
  const wanted = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    wanted.set(keyOf(productId), (wanted.get(keyOf(productId)) ?? 0) + quantity);
  }
  return Promise.all(
    lines.map(async ({ productId, quantity }) => {
      const key = keyOf(productId);
      const [found, stock] = isUuid(productId)
        ? await Promise.all([products.load(key), stocks.load(key)])
        : [null, null];
      const product = found?.onSale ? found : null;
      const available = product && stock ? countAvailable(stock) : 0;
      return { product, productId, requested: quantity, available, ok: (wanted.get(key) ?? 0) <= available };
    }),
  );
}

const keyOf = (productId: string) => productId.toLowerCase();
