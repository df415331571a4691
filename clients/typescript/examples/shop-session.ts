/**
 * A customer's session, from opening an account to signing out:
 *
 *   node dist/examples/shop-session.js [URL]
 */
import {
  CancelOrder,
  CategoryTree,
  ChangePassword,
  CheckAvailability,
  createShopClient,
  expectSuccess,
  MyOrders,
  MySessions,
  newIdempotencyKey,
  OrderPage,
  paginate,
  PayOrder,
  PlaceOrder,
  ProductPage,
  SearchProducts,
  signOut,
  signUp,
} from '@shop/client';
import { money, say } from './say.ts';
import { untilOrder } from './until-order.ts';

const url = process.argv[2] ?? 'http://127.0.0.1:4000/graphql';
const shop = createShopClient({ url });

const email = `ada-${newIdempotencyKey().slice(0, 12)}@example.com`;
const { user } = expectSuccess(await signUp(shop, { email, password: 'correct horse battery staple', name: 'Ada' }));
say('account', `${user.name} <${user.email}>, ${user.role}`);

const { categories } = await shop.request(CategoryTree);
say(
  'categories',
  categories
    .filter(({ parent }) => parent === null)
    .map(({ name }) => name)
    .join(', '),
);

for await (const found of paginate(shop, SearchProducts, {
  connection: (data) => data.products,
  variables: { filter: { inStock: true }, sort: { field: 'PRICE', direction: 'ASC' } },
  pageSize: 5,
})) {
  say('found', `${found.name}, ${money(found.price)}, ${found.availableQuantity} to be had`);
  if (found.availableQuantity < 2) continue;

  const { product } = await shop.request(ProductPage, { id: found.id });
  say('product', `${product?.sku}: ${product?.description.slice(0, 60)}`);
  const { availability } = await shop.request(CheckAvailability, { items: [{ productId: found.id, quantity: 2 }] });
  say('available', availability.map(({ ok, requested }) => `${requested}: ${ok ? 'yes' : 'no'}`).join());

  // The total that the customer saw. If a price has changed since, the server places no order and the result says so.
  const input = {
    items: [{ productId: found.id, quantity: 2 }],
    shippingAddress: {
      recipient: 'Ada',
      street: '1 Main Street',
      city: 'Springfield',
      postalCode: '12345',
      country: 'US',
    },
    expectedTotal: 2 * found.price.amount,
    idempotencyKey: newIdempotencyKey(),
  };
  const { placeOrder } = await shop.request(PlaceOrder, { input });
  if (placeOrder.__typename === 'PriceChanged') {
    say('price', `it is ${money(placeOrder.total)} now`);
    continue;
  }
  const { order } = expectSuccess(placeOrder);
  say('placed', `${order.number}, ${order.status}, ${money(order.total)}`);
  const again = expectSuccess((await shop.request(PlaceOrder, { input })).placeOrder);
  say('repeated', again.order.id === order.id ? 'the same order' : 'another order');

  const settled = await untilOrder(shop, order.id, ({ status }) => status !== 'PENDING');
  say('stock', `${settled.status}${settled.statusReason === null ? '' : `: ${settled.statusReason}`}`);

  // A payment has its own key, so that a second click does not pay twice.
  const { payOrder } = await shop.request(PayOrder, { input: { orderId: order.id, paymentToken: 'tok_visa' } });
  const { order: paid, payment } = expectSuccess(payOrder);
  say('paid', `${paid.status}, ${money(payment.amount)} by ${payment.method}`);

  const { cancelOrder } = await shop.request(CancelOrder, { input: { orderId: order.id, reason: 'Only an example' } });
  say('cancelled', expectSuccess(cancelOrder).order.status);
  const { order: whole } = await shop.request(OrderPage, { id: order.id });
  say('history', whole?.history.map(({ type }) => type).join(' → ') ?? 'none');
  break;
}

for await (const order of paginate(shop, MyOrders, { connection: (data) => data.me?.orders, direction: 'backward' })) {
  say('my order', `${order.number}: ${order.items.map(({ name, quantity }) => `${quantity} × ${name}`).join(', ')}`);
}

const { changePassword } = await shop.request(ChangePassword, {
  input: { currentPassword: 'correct horse battery staple', newPassword: 'a better horse battery staple' },
});
say('password', changePassword.__typename === 'ChangePasswordSuccess' ? 'changed' : changePassword.message);
const { me } = await shop.request(MySessions);
say('sessions', `${me?.sessions?.length} open`);

await signOut(shop);
say('signed out', (await shop.session.accessToken()) === null ? 'yes' : 'no');
