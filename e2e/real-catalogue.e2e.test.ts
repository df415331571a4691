import { existsSync, readFileSync } from 'node:fs';
import { openShop, placeOrder, untilStatus, type Shop } from './shop.ts';

const file = '../shared/data/catalogue.json';

interface RealProduct {
  readonly sku: string;
  readonly title: string;
  readonly description: string;
  /** In dollars. */
  readonly price: number;
  readonly stock: number;
  readonly thumbnail: string;
}

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

(existsSync(file) ? describe : describe.skip)('with 194 real products', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop?.stop());

  test('the catalogue goes in through the API, and every product in stock can be ordered', async () => {
    const products = JSON.parse(readFileSync(file, 'utf8')) as RealProduct[];
    expect(products).toHaveLength(194);
    const ids: string[] = [];
    for (const some of chunksOf(products, 20)) {
      const created = some.map(({ sku, title, description, price, stock, thumbnail }) =>
        shop.newProduct({
          sku,
          name: title,
          description,
          imageUrl: thumbnail,
          initialStock: stock,
          price: { amount: Math.round(price * 100), currencyCode: 'USD' },
        }),
      );
      ids.push(...(await Promise.all(created)));
    }

    const read: string[] = [];
    let after: string | null = null;
    do {
      // eslint-disable-next-line @typescript-eslint/no-explicit-any
      const { products: page }: any = await shop.anonymous.request(
        `query ($after: String) { products(first: 50, after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      expect(page.totalCount).toBe(194);
      read.push(...page.nodes.map((node: { id: string }) => node.id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(new Set(read)).toEqual(new Set(ids));
    expect(read).toHaveLength(194);

    const customer = await shop.newCustomer();
    const inStock = ids.filter((_, index) => products[index]!.stock > 0);
    const outOfStock = ids.filter((_, index) => products[index]!.stock === 0);
    for (const chunk of chunksOf(inStock, 20)) {
      const { order } = await placeOrder(
        customer,
        chunk.map((id) => [id, 1] as const),
      );
      await untilStatus(customer, order.id, 'RESERVED');
    }
    for (const id of outOfStock) {
      const { order } = await placeOrder(customer, [[id, 1]]);
      await untilStatus(customer, order.id, 'FAILED');
    }
  });
});
