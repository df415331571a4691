import {
  createShopClient,
  CreateProduct,
  Create__Name__,
  DeleteAccount,
  expectSuccess,
  newIdempotencyKey,
  Product__Names__,
  signIn,
  signUp,
  type ShopClient,
} from '@shop/client';
import { eventually, startTestStack, type TestStack } from '@shop/testing';

const password = 'correct horse battery staple';

let started: TestStack;
let anyone: ShopClient;
let productId: string;

beforeAll(async () => {
  started = await startTestStack();
  const url = started.stack.graphqlUrl;
  anyone = createShopClient({ url });
  const admin = createShopClient({ url });
  expectSuccess(await signIn(admin, started.stack.admin));
  const input = { sku: newIdempotencyKey(), name: 'Teapot', price: { amount: 1999, currencyCode: 'USD' } };
  productId = expectSuccess((await admin.request(CreateProduct, { input })).createProduct).product.id;
});
afterAll(() => started?.stop());

async function openAccount(): Promise<ShopClient> {
  const customer = createShopClient({ url: started.stack.graphqlUrl });
  const email = `${newIdempotencyKey()}@example.com`;
  expectSuccess(await signUp(customer, { email, password, name: 'Ada' }));
  return customer;
}

test('a customer creates __a__ __name__, and everybody finds it with its product', async () => {
  const customer = await openAccount();
  const input = { productId, text: 'Just right.' };
  const { __name__ } = expectSuccess((await customer.request(Create__Name__, { input })).create__Name__);
  expect(__name__).toMatchObject({ text: 'Just right.', product: { id: productId, name: 'Teapot' } });

  const { product } = await anyone.request(Product__Names__, { productId, first: 100 });
  expect(product?.__names__?.nodes.map(({ id }) => id)).toContain(__name__.id);
});

test('an anonymous caller cannot create __a__ __name__', async () => {
  const input = { productId, text: 'Just right.' };
  await expect(anyone.request(Create__Name__, { input })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('deleting an account keeps its __names__ without their author', async () => {
  const customer = await openAccount();
  const input = { productId, text: 'I was here.' };
  const { __name__ } = expectSuccess((await customer.request(Create__Name__, { input })).create__Name__);
  expect(__name__.author).not.toBeNull();
  expectSuccess((await customer.request(DeleteAccount, { input: { password } })).deleteAccount);
  await eventually(async () => {
    const { product } = await anyone.request(Product__Names__, { productId, first: 100 });
    const found = product?.__names__?.nodes.find(({ id }) => id === __name__.id);
    expect(found).toMatchObject({ text: 'I was here.', author: null });
  });
});
