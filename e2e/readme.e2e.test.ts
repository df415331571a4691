import { readFileSync } from 'node:fs';
import { eventually, startTestStack, type TestStack } from '@shop/testing';

/** Each `graphql` block of the README with the `json` block that follows it: what a newcomer pastes, and is promised. */
const examples = [
  ...readFileSync('README.md', 'utf8').matchAll(/```graphql\n([\s\S]*?)```[\s\S]*?```json\n([\s\S]*?)```/g),
].map(([, operation = '', answer = '']) => ({ operation, answer: JSON.parse(answer) as unknown }));

let started: TestStack;
beforeAll(async () => {
  started = await startTestStack({ seed: 'demo' });
});
afterAll(() => started?.stop());

test('the README has a mutation and a query', () => {
  expect(examples.map(({ operation }) => operation.trimStart().split(/\W/)[0])).toEqual(['mutation', 'query']);
});

test.each(examples.map((example) => [example.operation.trimStart().split(/\W/)[0], example] as const))(
  'its %s gives the answer that it promises',
  async (_kind, { operation, answer }) => {
    const { data, errors } = await started.anonymous.execute(operation);
    expect({ data, ...(errors ? { errors } : {}) }).toEqual(answer);
  },
);

test('its order is placed, reserved, paid and cancelled', async () => {
  const [place = '', read = '', pay = '', cancel = ''] = [
    ...readFileSync('README.md', 'utf8').matchAll(/```gql\n([\s\S]*?)```/g),
  ].map(([, text = '']) => text);
  const { anonymous } = started;
  const { register, productBySku } = {
    ...(await anonymous.request(
      `mutation { register(input: { email: "grace@example.com", password: "correct horse battery staple", name: "Grace" }) { ... on RegisterSuccess { tokens { accessToken } } } }`,
    )),
    ...(await anonymous.request(`{ productBySku(sku: "LAST-ONE-01") { id } }`)),
  };
  const customer = anonymous.as(register.tokens.accessToken);
  const { placeOrder } = await customer.request(place.replace('…', productBySku.id));
  expect(placeOrder).toMatchObject({
    __typename: 'PlaceOrderSuccess',
    order: { status: 'PENDING', total: { amount: 12000, currencyCode: 'USD' } },
  });
  const { id } = placeOrder.order;
  await eventually(async () => {
    expect((await customer.request(read.replace('…', id))).order).toMatchObject({
      status: 'RESERVED',
      items: [{ name: 'Signed art print' }],
    });
  });
  expect(await customer.request(pay.replace('…', id))).toEqual({
    payOrder: { __typename: 'PayOrderSuccess', order: { status: 'PAID' } },
  });
  expect(await customer.request(cancel.replace('…', id))).toEqual({
    cancelOrder: { __typename: 'CancelOrderSuccess', order: { status: 'CANCELLED' } },
  });
});
