import { randomUUID } from 'node:crypto';
import { eventually, type GraphqlClient, type TestStack } from '@shop/testing';
import type { BenchProduct } from './generate-catalogue.ts';
import type { Random } from './random.ts';

const ORDERS = 5;
const LINES = 4;

/** A new customer with five orders of four products from all over the catalogue, all RESERVED. Returns the access token. */
export async function openCustomerWithOrders(
  { anonymous }: TestStack,
  products: readonly BenchProduct[],
  random: Random,
): Promise<string> {
  const { register } = await anonymous.request(
    `mutation ($input: RegisterInput!) { register(input: $input) { __typename ... on RegisterSuccess { tokens { accessToken } } } }`,
    { input: { email: `${randomUUID()}@example.com`, password: 'correct horse battery staple', name: 'Ada' } },
  );
  const accessToken: string = register.tokens.accessToken;
  const customer = anonymous.as(accessToken);
  for (let order = 0; order < ORDERS; order += 1) await placeOrder(customer, products, random);
  await eventually(
    async () => {
      const { me } = await customer.request('{ me { orders { nodes { status } } } }');
      const statuses: string[] = me.orders.nodes.map(({ status }: { status: string }) => status);
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
  const { placeOrder } = await customer.request(
    `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename ... on UserError { message } } }`,
    {
      input: {
        items: [...chosen].map((productId) => ({ productId, quantity: 1 })),
        shippingAddress: { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' },
        idempotencyKey: randomUUID(),
      },
    },
  );
  if (placeOrder.__typename !== 'PlaceOrderSuccess') throw new Error(JSON.stringify(placeOrder));
}
