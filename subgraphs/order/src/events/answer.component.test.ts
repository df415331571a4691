import { uuidv7 } from '@shop/subgraph';
import { startPaymentsWorld, type PaymentsWorld } from '../../test/payments-world.ts';
import { answers } from './answer.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
afterAll(() => world?.stop());

const ask = (orderId: string) => answers[0]?.handle({ orderId }, world.dependencies());

test('an order is told with what a message about it needs, and without addresses', async () => {
  const { id, customerId } = await world.paid();
  const { number, items } = await world.database.client.order.findUniqueOrThrow({
    where: { id },
    include: { items: true },
  });
  expect(await ask(id)).toEqual({
    order: {
      orderId: id,
      number,
      customerId,
      lines: items.map(({ productId, sku, name, quantity, unitPriceMinor }) => ({
        productId,
        sku,
        name,
        quantity,
        unitPriceMinor: Number(unitPriceMinor),
      })),
      totalMinor: 1000,
      currencyCode: 'USD',
    },
  });
});

test('an order that does not exist is null, and an id that is none is refused', async () => {
  expect(await ask(uuidv7())).toEqual({ order: null });
  await expect(ask('none')).rejects.toThrow('Invalid UUID');
});
