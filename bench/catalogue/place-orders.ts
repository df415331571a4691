import { randomUUID } from 'node:crypto';
import { expectSuccess, PlaceOrder, Register, type OrderStatus } from '@shop/client';
import { eventually, type GraphqlClient, type TestStack } from '@shop/testing';
import type { BenchProduct } from './generate-catalogue.ts';
import type { Random } from './random.ts';

const ORDERS = 5;
const LINES = 4;

/** Creates a customer with five RESERVED orders of four products from the whole catalogue. Returns the access token. */
export async function openCustomerWithOrders(
  { anonymous }: TestStack,
  products: readonly BenchProduct[],
  random: Random,
): Promise<string> {
  const { register } = await anonymous.request(Register, {
    input: { email: `${randomUUID()}@example.com`, password: 'correct horse battery staple', name: 'Ada' },
  });
  const { accessToken } = expectSuccess(register).tokens;
  const customer = anonymous.as(accessToken);
  for (let order = 0; order < ORDERS; order += 1) await placeOrder(customer, products, random);
  await eventually(
    async () => {
      const { me } = await customer.request<{ me: { orders: { nodes: { status: OrderStatus }[] } } }>(
        '{ me { orders { nodes { status } } } }',
      );
      const statuses = me.orders.nodes.map(({ status }) => status);
      if (statuses.length !== ORDERS || statuses.some((status) => status !== 'RESERVED'))
        throw new Error(`Orders are ${statuses.join(', ')}.`);
    },
    { timeoutMs: 60_000 },
  );
  return accessToken;
}

async function placeOrder(customer: GraphqlClient, products: readonly BenchProduct[], random: Random): Promise<void> {
  const chosen = new Set<string>();
  while (chosen.size < LINES) chosen.add(random.pick(products).id);
  const { placeOrder } = await customer.request(PlaceOrder, {
    input: {
      items: [...chosen].map((productId) => ({ productId, quantity: 1 })),
      shippingAddress: { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' },
      idempotencyKey: randomUUID(),
    },
  });
  expectSuccess(placeOrder);
}
