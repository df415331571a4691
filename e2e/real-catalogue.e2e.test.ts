import { randomUUID } from 'node:crypto';
import { CreateCategory, ListCatalogue, type ListCatalogueQuery } from '@shop/client';
import { openSharedShop, placeOrder, untilStatus, type SharedShop } from './shop.ts';
import { PRODUCTS, readSupplierCatalogue } from './supplier-catalogue.ts';

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

describe('with the products of a supplier', () => {
  let shop: SharedShop;
  beforeAll(async () => {
    shop = await openSharedShop();
  });

  test('the API creates the catalogue, and every product in stock can be ordered', async () => {
    const products = readSupplierCatalogue();
    expect(products).toHaveLength(PRODUCTS);
    expect(products.filter(({ stock }) => stock === 0).length).toBeGreaterThan(2);
    const category = `supplier-${randomUUID()}`;
    await shop.admin.request(CreateCategory, { input: { slug: category, name: 'Supplier' } });
    const ids: string[] = [];
    for (const some of chunksOf(products, 20)) {
      const created = some.map(({ sku, title, description, price, stock, thumbnail }) =>
        shop.newProduct({
          sku,
          category,
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
      const page: ListCatalogueQuery['products'] = (
        await shop.anonymous.request(ListCatalogue, { first: 50, after, filter: { category } })
      ).products;
      expect(page.totalCount).toBe(PRODUCTS);
      read.push(...page.nodes.map(({ id }) => id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(new Set(read)).toEqual(new Set(ids));
    expect(read).toHaveLength(PRODUCTS);

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
