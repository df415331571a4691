import { randomUUID } from 'node:crypto';
import {
  CreateProduct,
  Login,
  OrderState,
  PlaceOrder,
  Register,
  type CreateProductInput,
  type LoginInput,
  type OrderStateQuery,
  type OrderStatus,
  type PlaceOrderInput,
  type PlaceOrderMutation,
} from '@shop/client';
import {
  eventually,
  graphqlClient,
  startTestStack,
  useSharedSystem,
  type GraphqlClient,
  type SharedSystem,
  type TestStack,
  type TestStackOptions,
} from '@shop/testing';

export const address = { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' };
export const password = 'correct horse battery staple';

/** The administrator of a running system, and the actions of scenarios. */
export interface ShopActions {
  /** The gateway, for an anonymous caller. */
  readonly anonymous: GraphqlClient;
  readonly admin: GraphqlClient;
  /** Opens an account and signs it in. */
  newCustomer(): Promise<GraphqlClient>;
  /** Puts a product on sale; returns its id. */
  newProduct(input?: Partial<CreateProductInput>): Promise<string>;
  /** A product's stock, as staff see it. */
  stockOf(productId: string): Promise<StockLevels>;
}

/** A shop with processes of its own. */
export interface Shop extends TestStack, ShopActions {}

/** The shop that several test files share. */
export interface SharedShop extends ShopActions {
  readonly system: SharedSystem;
}

export interface StockLevels {
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

/** Starts the system. The timeout of subgraphs is a minute, unless `env` sets it. */
export async function openShop(options: TestStackOptions = {}): Promise<Shop> {
  const started = await startTestStack(options);
  try {
    return { ...started, ...(await furnish(started.anonymous, started.stack.admin)) };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

/** The system that test files share. Whatever a scenario counts must be its own. */
export async function openSharedShop(): Promise<SharedShop> {
  const system = await useSharedSystem();
  return { system, ...(await furnish(graphqlClient(system.graphqlUrl), system.admin)) };
}

async function furnish(anonymous: GraphqlClient, administrator: LoginInput): Promise<ShopActions> {
  const { login } = await anonymous.request(Login, { input: administrator });
  const admin = anonymous.as(requireMember(login, 'LoginSuccess').tokens.accessToken);
  return {
    anonymous,
    admin,
    newCustomer: async () => (await registerCustomer(anonymous)).client,
    newProduct: async (input = {}) => {
      const product = {
        sku: randomUUID(),
        name: 'A product',
        price: { amount: 1999, currencyCode: 'USD' },
        initialStock: 10,
        ...input,
      };
      const { createProduct } = await admin.request(CreateProduct, { input: product });
      return requireMember(createProduct, 'CreateProductSuccess').product.id;
    },
    stockOf: async (productId) => {
      const { product } = await admin.request<{ product: { inventory: StockLevels } }>(
        `query ($id: ID!) { product(id: $id) { inventory { onHand reserved available } } }`,
        { id: productId },
      );
      return product.inventory;
    },
  };
}

export interface RegisteredCustomer {
  readonly client: GraphqlClient;
  readonly id: string;
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Opens an account, and signs it in. */
export async function registerCustomer(
  anonymous: GraphqlClient,
  email = `${randomUUID()}@example.com`,
): Promise<RegisteredCustomer> {
  const { register } = await anonymous.request(Register, { input: { email, password, name: 'Ada', phone: '123' } });
  const { user, tokens } = requireMember(register, 'RegisterSuccess');
  return {
    client: anonymous.as(tokens.accessToken),
    id: user.id,
    email,
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
  };
}

/** Returns the expected member of a result union. Throws with the whole result for any other member. */
export function requireMember<Union extends { readonly __typename: string }, Name extends Union['__typename']>(
  result: Union | undefined,
  name: Name,
): Extract<Union, { readonly __typename: Name }> {
  if (result?.__typename !== name) throw new Error(`Expected ${name}, and the result is ${JSON.stringify(result)}`);
  return result as Extract<Union, { readonly __typename: Name }>;
}

type Lines = readonly (readonly [productId: string, quantity: number])[];

/** Sends an order for lines of [product id, quantity]; returns the member of the result union. */
export async function sendOrder(
  customer: GraphqlClient,
  lines: Lines,
  input: Partial<PlaceOrderInput> = {},
): Promise<PlaceOrderMutation['placeOrder']> {
  const { placeOrder } = await customer.request(PlaceOrder, {
    input: {
      items: lines.map(([productId, quantity]) => ({ productId, quantity })),
      shippingAddress: address,
      idempotencyKey: randomUUID(),
      ...input,
    },
  });
  return placeOrder;
}

/** Places an order that must be accepted. */
export async function placeOrder(customer: GraphqlClient, lines: Lines, input?: Partial<PlaceOrderInput>) {
  return requireMember(await sendOrder(customer, lines, input), 'PlaceOrderSuccess');
}

export async function readOrder(customer: GraphqlClient, id: string): Promise<OrderStateQuery['order']> {
  return (await customer.request(OrderState, { id })).order;
}

/** The history of an order, oldest first. */
export async function readHistory(customer: GraphqlClient, id: string) {
  const { order } = await customer.request<{
    order: { history: { type: string; fromStatus: OrderStatus | null; toStatus: OrderStatus }[] };
  }>(`query ($id: ID!) { order(id: $id) { history { type fromStatus toStatus } } }`, { id });
  return order.history;
}

/** Waits until an order has a status. The deadline is long, since the machine may be busy. */
export function untilStatus(customer: GraphqlClient, id: string, status: OrderStatus, timeoutMs = 60_000) {
  return eventually(
    async () => {
      const order = await readOrder(customer, id);
      expect(order).toMatchObject({ id, status });
      return order as NonNullable<typeof order>;
    },
    { timeoutMs },
  );
}
