import { Loader } from '@shop/subgraph';
import type { Supergraph } from '@shop/testing/supergraph';
import { ourSupergraph } from './our-supergraph.ts';

const ada = { userId: '6f1c2a34-0000-4000-8000-00000000000a' };
const orderId = '6f1c2a34-0000-4000-8000-000000000001';
const [tea, gone] = ['6f1c2a34-0000-4000-8000-0000000000b1', '6f1c2a34-0000-4000-8000-0000000000b2'];

/** The fields of an order that my page shows. */
const page = `query ($id: ID!) { order(id: $id) { number total { amount } items { name quantity product { inStock } } } }`;

let supergraph: Supergraph;
beforeAll(async () => {
  supergraph = await ourSupergraph({
    // The order subgraph's own resolvers, with my rows.
    order: {
      context: () => ({
        orders: {
          load: async (id: string) => ({
            id,
            number: 'A-1',
            customerId: ada.userId,
            status: 'PAID',
            currencyCode: 'USD',
            totalMinor: 2_500,
          }),
        },
        lines: new Loader(async () => [
          [tea, gone].map((productId, index) => ({
            id: `l${index}`,
            productId,
            name: ['Tea', 'Mug'][index],
            quantity: 1,
          })),
        ]),
      }),
    },
    // Two answers of mine for products; all other fields are made up.
    product: {
      answers: {
        'Product.__resolveReference': ({ id }) => (id === tea ? { id } : null),
        'Product.inStock': () => false,
      },
    },
  });
});
afterAll(() => supergraph.stop());

test('a line whose product is gone keeps its name', async () => {
  const { data, errors, calls } = await supergraph.execute(page, { variables: { id: orderId }, as: ada });
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    order: {
      number: 'A-1',
      total: { amount: 2_500 },
      items: [
        { name: 'Tea', quantity: 1, product: { inStock: false } },
        { name: 'Mug', quantity: 1, product: null },
      ],
    },
  });
  expect(calls.map(({ service }) => service)).toEqual(['order', 'product']);
});

test('a customer cannot see the order of another customer', async () => {
  const stranger = { userId: '6f1c2a34-0000-4000-8000-00000000000c' };
  expect((await supergraph.execute(page, { variables: { id: orderId }, as: stranger })).data).toEqual({ order: null });
  expect((await supergraph.execute(page, { variables: { id: orderId } })).errors).toMatchObject([
    { extensions: { code: 'UNAUTHENTICATED' } },
  ]);
});
