/**
 * An administrator's session, over the catalogue, the stock, the accounts and the orders:
 *
 *   ADMIN_PASSWORD=… node dist/examples/back-office-session.js [URL]
 */
import {
  AdjustStock,
  CreateCategory,
  createShopClient,
  CreateProduct,
  DeleteProduct,
  expectSuccess,
  InventoryLedger,
  isSuccess,
  ListOrders,
  ListUsers,
  LowStock,
  newIdempotencyKey,
  OrderFile,
  paginate,
  PayOrder,
  PlaceOrder,
  RefundOrder,
  SetUserActive,
  SetUserRole,
  signIn,
  signOut,
  signUp,
  UpdateOrderStatus,
  UpdateProduct,
  UserFailure,
  UserPage,
} from '@shop/client';
import { money, say } from './say.ts';
import { untilOrder } from './until-order.ts';

const url = process.argv[2] ?? 'http://127.0.0.1:4000/graphql';
const { ADMIN_EMAIL: email = 'admin@example.com', ADMIN_PASSWORD: password = '' } = process.env;
const unique = newIdempotencyKey().slice(0, 12);

const office = createShopClient({ url });
const signedIn = await signIn(office, { email, password });
if (!isSuccess(signedIn)) {
  console.error(`${email} cannot sign in: ${signedIn.message} Give the password in ADMIN_PASSWORD.`);
  process.exit(1);
}
say('signed in', `${signedIn.user.email}, ${signedIn.user.role}`);

// The catalogue.
const { createCategory } = await office.request(CreateCategory, {
  input: { slug: `teapots-${unique}`, name: 'Teapots' },
});
const { category } = expectSuccess(createCategory);
say('category', `${category.name} (${category.slug})`);

const input = {
  sku: `POT-${unique}`,
  name: 'Teapot',
  price: { amount: 3900, currencyCode: 'USD' },
  category: category.slug,
  initialStock: 3,
};
const { product } = expectSuccess((await office.request(CreateProduct, { input })).createProduct);
say('product', `${product.sku}: ${product.name}, ${money(product.price)}, ${product.availableQuantity} in stock`);

const { createProduct: second } = await office.request(CreateProduct, { input });
say('the same SKU', second.__typename === 'SkuTaken' ? `${second.sku} is taken` : second.__typename);

const change = { id: product.id, expectedVersion: product.version, price: { amount: 3500, currencyCode: 'USD' } };
const updated = expectSuccess((await office.request(UpdateProduct, { input: change })).updateProduct);
say('new price', `${money(updated.product.price)}, version ${updated.product.version}`);

// A concurrent change makes the mutation return a failure, which `expectSuccess` throws.
try {
  expectSuccess((await office.request(UpdateProduct, { input: change })).updateProduct);
} catch (error) {
  if (!(error instanceof UserFailure)) throw error;
  say('once more', error.message);
}

// The stock.
const { adjustStock } = await office.request(AdjustStock, {
  input: { productId: product.id, delta: 7, reason: 'Delivery' },
});
say('delivery', `${expectSuccess(adjustStock).movement.onHandAfter} on hand`);
const { adjustStock: tooMuch } = await office.request(AdjustStock, {
  input: { productId: product.id, delta: -11, reason: 'Broken' },
});
say(
  'too many',
  tooMuch.__typename === 'InsufficientStock' ? `${tooMuch.available} can be taken away` : tooMuch.__typename,
);
for await (const { type, onHandDelta, reason } of paginate(office, InventoryLedger, {
  connection: (data) => data.product?.inventory?.movements,
  variables: { productId: product.id },
})) {
  say('ledger', `${type} ${onHandDelta > 0 ? '+' : ''}${onHandDelta} ${reason ?? ''}`);
}
const { lowStock } = await office.request(LowStock, { threshold: 10, first: 3 });
say('low stock', `${lowStock.totalCount} products`);

// The accounts.
const colleague = createShopClient({ url });
const { user } = expectSuccess(
  await signUp(colleague, {
    email: `grace-${unique}@example.com`,
    password: 'correct horse battery staple',
    name: 'Grace',
  }),
);
const { setUserRole } = await office.request(SetUserRole, { input: { userId: user.id, role: 'STAFF' } });
say('colleague', `${user.email} is ${expectSuccess(setUserRole).user.role}`);
const { users } = await office.request(ListUsers, { first: 5, filter: { search: unique, role: 'STAFF' } });
say('staff', users.nodes.map(({ email }) => email).join(', '));
const { setUserActive } = await office.request(SetUserActive, { input: { userId: user.id, active: false } });
say('deactivated', expectSuccess(setUserActive).user.active === false ? 'yes' : 'no');
const { user: file } = await office.request(UserPage, { id: user.id });
say('their orders', String(file?.orders?.totalCount ?? 0));

// The orders.
const { orders } = await office.request(ListOrders, { first: 5, filter: { status: ['RESERVED', 'CANCELLED'] } });
say('orders', `${orders.totalCount} reserved or cancelled`);
for (const { number, status, total, customer } of orders.nodes)
  say('order', `${number}, ${status}, ${money(total)}, ${customer?.name ?? 'deleted'}`);

const customer = createShopClient({ url });
expectSuccess(
  await signUp(customer, { email: `ada-${unique}@example.com`, password: 'correct horse battery staple', name: 'Ada' }),
);
const { placeOrder } = await customer.request(PlaceOrder, {
  input: {
    items: [{ productId: product.id, quantity: 2 }],
    shippingAddress: { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' },
  },
});
const { id } = expectSuccess(placeOrder).order;
await untilOrder(customer, id, ({ status }) => status === 'RESERVED');
expectSuccess((await customer.request(PayOrder, { input: { orderId: id, paymentToken: 'tok_visa' } })).payOrder);
for (const status of ['PROCESSING', 'SHIPPED'] as const) {
  const { updateOrderStatus } = await office.request(UpdateOrderStatus, { input: { orderId: id, status } });
  say('moved on', expectSuccess(updateOrderStatus).order.status);
}
const { refundOrder } = await office.request(RefundOrder, {
  input: { orderId: id, amount: 500, reason: 'A chipped lid' },
});
say('refund', expectSuccess(refundOrder).payment.status);
const { order: whole } = await office.request(OrderFile, { id });
say('history', whole?.history.map(({ type }) => type).join(' → ') ?? 'none');

expectSuccess((await office.request(DeleteProduct, { input: { id: product.id } })).deleteProduct);
say('off sale', product.sku);
await signOut(office);
say('signed out', 'yes');
