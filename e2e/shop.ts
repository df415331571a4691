import { randomUUID } from 'node:crypto';
import { eventually, startTestStack, type GraphqlClient, type TestStack } from '@shop/testing';
import type { StackOptions } from '@shop/stack';

export const address = { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' };

/** A shop that is open: the running system, its administrator, and what scenarios do in it. */
export interface Shop extends TestStack {
  readonly admin: GraphqlClient;
  /** Opens an account and signs it in. */
  newCustomer(): Promise<GraphqlClient>;
  /** Puts a product on sale; returns its id. */
  newProduct(input?: object): Promise<string>;
  /** A product's stock, as staff see it. */
  stockOf(productId: string): Promise<{ onHand: number; reserved: number; available: number }>;
}

export async function openShop(options: Partial<StackOptions> = {}): Promise<Shop> {
  const started = await startTestStack(options);
  try {
    return await furnish(started);
  } catch (error) {
    await started.stop();
    throw error;
  }
}

async function furnish(started: TestStack): Promise<Shop> {
  const { stack, anonymous } = started;
  const signedIn = await anonymous.request(
    `mutation ($input: LoginInput!) { login(input: $input) { __typename ... on LoginSuccess { tokens { accessToken } } } }`,
    { input: stack.admin },
  );
  const admin = anonymous.as(signedIn.login.tokens.accessToken);
  return {
    ...started,
    admin,
    newCustomer: async () => {
      const input = { email: `${randomUUID()}@example.com`, password: 'correct horse battery staple', name: 'Ada' };
      const { register } = await anonymous.request(
        `mutation ($input: RegisterInput!) { register(input: $input) { __typename ... on RegisterSuccess { tokens { accessToken } } } }`,
        { input },
      );
      return anonymous.as(register.tokens.accessToken);
    },
    newProduct: async (input = {}) => {
      const product = {
        sku: randomUUID(),
        name: 'A product',
        price: { amount: 1999, currencyCode: 'USD' },
        initialStock: 10,
        ...input,
      };
      const { createProduct } = await admin.request(
        `mutation ($input: CreateProductInput!) {
          createProduct(input: $input) { __typename ... on CreateProductSuccess { product { id } } ... on InvalidInput { issues { path message } } }
        }`,
        { input: product },
      );
      if (!createProduct.product) throw new Error(JSON.stringify(createProduct));
      return createProduct.product.id;
    },
    stockOf: async (productId) => {
      const { product } = await admin.request(
        `query ($id: ID!) { product(id: $id) { inventory { onHand reserved available } } }`,
        { id: productId },
      );
      return product.inventory;
    },
  };
}

/** Places an order for lines of [product id, quantity]; returns the member of the result union. */
export async function placeOrder(
  customer: GraphqlClient,
  lines: readonly (readonly [string, number])[],
  input: object = {},
) {
  const { placeOrder } = await customer.request(
    `mutation ($input: PlaceOrderInput!) {
      placeOrder(input: $input) {
        __typename
        ... on PlaceOrderSuccess { order { id number status total { amount currencyCode } } }
        ... on UserError { code message }
      }
    }`,
    {
      input: {
        items: lines.map(([productId, quantity]) => ({ productId, quantity })),
        shippingAddress: address,
        idempotencyKey: randomUUID(),
        ...input,
      },
    },
  );
  return placeOrder;
}

export async function orderOf(customer: GraphqlClient, id: string) {
  const { order } = await customer.request(
    `query ($id: ID!) { order(id: $id) { id status statusReason history { type fromStatus toStatus } } }`,
    { id },
  );
  return order;
}

/** Waits until an order has a status. */
export function untilStatus(customer: GraphqlClient, id: string, status: string, timeoutMs = 30_000) {
  return eventually(
    async () => {
      const order = await orderOf(customer, id);
      expect(order).toMatchObject({ id, status });
      return order;
    },
    { timeoutMs },
  );
}
