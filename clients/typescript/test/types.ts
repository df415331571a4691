/**
 * Code that must compile and code that must not: `npm test -- types` is the test. An `@ts-expect-error` without an
 * error is an error itself.
 */
import {
  createShopClient,
  expectSuccess,
  paginate,
  AdjustStock,
  CategoryTree,
  InventoryLedger,
  LowStock,
  Me,
  OrdersUpdated,
  OrderUpdated,
  PayOrder,
  PlaceOrder,
  ProductPage,
  SearchProducts,
  type OrderStatus,
  type PayOrderMutation,
  type TypedNode,
  type TypedText,
  type UserFailure,
} from '@shop/client';

const shop = createShopClient({ url: 'http://shop.invalid/graphql' });
const shippingAddress = { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' };

export async function variables() {
  await shop.request(Me);
  await shop.request(Me, {}, { signal: AbortSignal.timeout(1) });
  await shop.request(SearchProducts);
  await shop.request(SearchProducts, { first: 5, filter: { search: 'cup' }, sort: { field: 'PRICE' } });
  await shop.request(ProductPage, { id: 'p' });
  // @ts-expect-error a variable that the operation does not have
  await shop.request(ProductPage, { sku: 's' });
  // @ts-expect-error one variable too many
  await shop.request(ProductPage, { id: 'p', sku: 's' });
  // @ts-expect-error a variable of another type
  await shop.request(ProductPage, { id: 1 });
  // @ts-expect-error a variable that is needed
  await shop.request(ProductPage);
  // @ts-expect-error a variable of an operation that has none
  await shop.request(CategoryTree, { first: 1 });
  // @ts-expect-error a value that the enum does not have
  await shop.request(SearchProducts, { sort: { field: 'COLOUR' } });
  // @ts-expect-error a field that the input does not have
  await shop.request(PlaceOrder, { input: { items: [], shippingAddress, coupon: 'x' } });
}

export async function keys() {
  await shop.request(PlaceOrder, { input: { items: [], shippingAddress } });
  await shop.request(PlaceOrder, { input: { items: [], shippingAddress, idempotencyKey: 'k' } });
  // @ts-expect-error the other fields of the input are still required
  await shop.request(AdjustStock, { input: { productId: 'p', delta: 1 } });
}

export async function results() {
  const { product } = await shop.request(ProductPage, { id: 'p' });
  // @ts-expect-error may be null
  void product.name;
  const amount: number | undefined = product?.price.amount;
  const at: string | undefined = product?.createdAt;
  // @ts-expect-error a field that is not selected
  void product?.inventory;
  const { data } = await shop.execute(Me);
  // @ts-expect-error there may be no data
  void data.me;

  const { payOrder } = await shop.request(PayOrder, { input: { orderId: 'o', paymentToken: 'tok_visa' } });
  // @ts-expect-error only the success has an order
  void payOrder.order;
  const status: string = expectSuccess(payOrder).payment.status;
  return [amount, at, status];
}

/** Every member is handled: a new one in the schema makes this an error until it is. */
export function explain(result: PayOrderMutation['payOrder']): string {
  switch (result.__typename) {
    case 'PayOrderSuccess':
      return result.order.status;
    case 'InvalidInput':
      return result.issues.map(({ path }) => path).join();
    case 'NotFound':
      return result.id ?? '';
    case 'InvalidTransition':
      return result.from;
    case 'PaymentDeclined':
      return result.payment.failureReason ?? '';
    case 'PaymentProviderUnavailable':
    case 'PaymentInProgress':
    case 'IdempotencyConflict':
      return result.message;
    default:
      return result satisfies never;
  }
}

export function forgetful(result: Exclude<PayOrderMutation['payOrder'], { __typename: 'InvalidInput' }>): string {
  switch (result.__typename) {
    case 'PayOrderSuccess':
      return result.order.status;
    default:
      // @ts-expect-error other members are not handled
      return result satisfies never;
  }
}

export function failureOf(failure: UserFailure) {
  // @ts-expect-error what a failure has depends on which it is
  return failure.failure.issues;
}

export async function pages() {
  for await (const { sku } of paginate(shop, SearchProducts, {
    connection: (data) => data.products,
    direction: 'backward',
  }))
    void (sku satisfies string);
  for await (const { orderId } of paginate(shop, InventoryLedger, {
    connection: (data) => data.product?.inventory?.movements,
    variables: { productId: 'p' },
  }))
    void (orderId satisfies string | null);
  // @ts-expect-error a list that cannot be walked backward
  paginate(shop, LowStock, { connection: (data) => data.lowStock, direction: 'backward' });
  // @ts-expect-error a variable that is needed
  paginate(shop, InventoryLedger, { connection: (data) => data.product?.inventory?.movements });
  // @ts-expect-error an operation without pages
  paginate(shop, ProductPage, { connection: () => null, variables: { id: 'p' } });
  // @ts-expect-error not a connection
  paginate(shop, SearchProducts, { connection: (data) => data });
}

export async function subscriptions() {
  for await (const { orderUpdated } of shop.subscribe(OrderUpdated, { id: 'o' }))
    void (orderUpdated?.status satisfies OrderStatus | undefined);
  for await (const data of shop.subscribe(OrdersUpdated)) void (data.ordersUpdated satisfies object | null);
  // @ts-expect-error a variable that is needed
  shop.subscribe(OrderUpdated);
  // @ts-expect-error a variable of another type
  shop.subscribe(OrderUpdated, { id: 1 });
  // @ts-expect-error a query is no subscription
  shop.subscribe(ProductPage, { id: 'p' });
  // @ts-expect-error a subscription is no request
  await shop.request(OrderUpdated, { id: 'o' });
}

declare const ownNode: TypedNode<{ readonly n: number }, { id: string }>;
declare const ownText: TypedText<{ readonly n: number }, { id: string }>;
declare const bareText: TypedText<{ readonly n: number }, { [key: string]: never }>;

export async function documents() {
  const { n } = await shop.request(ownNode, { id: 'p' });
  n satisfies number;
  (await shop.request(ownText, { id: 'p' })).n satisfies number;
  (await shop.request(bareText)).n satisfies number;
  // @ts-expect-error a variable that is needed
  await shop.request(ownText);
  // @ts-expect-error a variable of another type
  await shop.request(ownNode, { id: 1 });
}
