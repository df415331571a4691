import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { jest } from '@jest/globals';
import { uuidv7 } from '@shop/subgraph';
import { graphql, parse } from 'graphql';
import pg from 'pg';
import { startPaymentsWorld, viewer, type PaymentsWorld } from '../../test/payments-world.ts';
import { createContext } from '../context.ts';
import { OutcomeUnknown } from '../payments/provider.ts';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { resolvers } from './index.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
afterAll(() => world?.stop());

const schema = buildSubgraphSchema({
  typeDefs: parse(readFileSync('subgraphs/order/schema.graphql', 'utf8')),
  resolvers: resolvers as never,
});
const staff = viewer(uuidv7(), 'order:read', 'order:write');

async function run(source: string, variableValues: object, who = staff, rest: Partial<Dependencies> = {}) {
  const contextValue = createContext(world.dependencies(rest), { viewer: who });
  const { data, errors } = await graphql({ schema, source, variableValues: { ...variableValues }, contextValue });
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data));
}

const money = '{ amount currencyCode }';
const payment = `payment { id status amount ${money} refunded ${money} method failureReason createdAt }`;
const payDocument = `mutation ($input: PayOrderInput!) { payOrder(input: $input) {
  __typename ... on UserError { code message }
  ... on PayOrderSuccess { order { status payments { id status } history { type } } ${payment} }
  ... on PaymentDeclined { ${payment} } ... on InvalidTransition { from to } ... on NotFound { id }
  ... on InvalidInput { issues { path } } } }`;
const refundDocument = `mutation ($input: RefundOrderInput!) { refundOrder(input: $input) {
  __typename ... on UserError { code message } ... on RefundOrderSuccess { order { status history { type reason } } ${payment} }
  ... on RefundTooLarge { refundable ${money} } ... on InvalidTransition { from to } } }`;

const pay = async (
  { id, customerId }: { id: string; customerId: string },
  rest: object = {},
  dependencies?: Partial<Dependencies>,
) => {
  const input = { orderId: id, paymentToken: 'tok_visa', idempotencyKey: uuidv7(), ...rest };
  return (await run(payDocument, { input }, viewer(customerId), dependencies)).payOrder;
};
const refund = async (orderId: string, rest: object = {}) =>
  (await run(refundDocument, { input: { orderId, reason: 'Scratched', idempotencyKey: uuidv7(), ...rest } }))
    .refundOrder;

test('payOrder returns the order and the payment', async () => {
  const order = await world.reserved();
  const answer = await pay(order);
  expect(answer).toMatchObject({
    __typename: 'PayOrderSuccess',
    order: {
      status: 'PAID',
      payments: [{ id: answer.payment.id, status: 'SUCCEEDED' }],
      history: [{ type: 'PLACED' }, { type: 'RESERVED' }, { type: 'PAID' }],
    },
    payment: {
      status: 'SUCCEEDED',
      amount: { amount: 1000, currencyCode: 'USD' },
      refunded: { amount: 0, currencyCode: 'USD' },
      method: 'card',
      failureReason: null,
    },
  });
});

test('payOrder returns each kind of failure', async () => {
  const order = await world.reserved();
  const [key, other] = [uuidv7(), uuidv7()];
  expect(await pay(order, { paymentToken: 'tok_declined', idempotencyKey: key })).toMatchObject({
    __typename: 'PaymentDeclined',
    code: 'PAYMENT_DECLINED',
    message: 'The card was declined.',
    payment: { status: 'DECLINED' },
  });
  expect(await pay(order, { idempotencyKey: key })).toMatchObject({ __typename: 'IdempotencyConflict' });
  expect(await pay(order, { paymentToken: 'nothing' })).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ path: 'paymentToken' }],
  });
  expect(await pay({ ...order, customerId: uuidv7() })).toMatchObject({ __typename: 'NotFound', id: order.id });
  expect(await pay(order, { paymentToken: 'tok_unavailable' })).toMatchObject({
    __typename: 'PaymentProviderUnavailable',
    message: expect.stringContaining('nothing was charged'),
  });
  const payments = { ...world.provider, charge: () => Promise.reject(new OutcomeUnknown('lost')) };
  expect(await pay(order, { idempotencyKey: other }, { payments })).toMatchObject({
    __typename: 'PaymentProviderUnavailable',
    message: expect.stringContaining('looked up'),
  });
  expect(await pay(order)).toMatchObject({ __typename: 'PaymentInProgress', code: 'PAYMENT_IN_PROGRESS' });
  expect(await pay(order, { idempotencyKey: other })).toMatchObject({ __typename: 'PayOrderSuccess' });
  expect(await pay(order)).toMatchObject({ __typename: 'InvalidTransition', from: 'PAID', to: 'PAID' });
});

test('refundOrder returns the order and the payment, and each kind of failure', async () => {
  const { id } = await world.paid();
  expect(await refund(id, { amount: 250 })).toMatchObject({
    __typename: 'RefundOrderSuccess',
    order: { status: 'PAID', history: [{}, {}, {}, { type: 'REFUNDED', reason: 'Scratched' }] },
    payment: { status: 'PARTIALLY_REFUNDED', refunded: { amount: 250, currencyCode: 'USD' } },
  });
  expect(await refund(id, { amount: 751 })).toMatchObject({
    __typename: 'RefundTooLarge',
    refundable: { amount: 750, currencyCode: 'USD' },
  });
  expect(await refund((await world.reserved()).id)).toMatchObject({
    __typename: 'InvalidTransition',
    from: 'RESERVED',
    to: null,
  });
  expect(await refund(uuidv7())).toMatchObject({ __typename: 'NotFound' });
  expect(await refund(id, { amount: 0 })).toMatchObject({ __typename: 'InvalidInput' });
  await refund(id, { amount: 1, idempotencyKey: 'k' });
  expect(await refund(id, { amount: 2, idempotencyKey: 'k' })).toMatchObject({ __typename: 'IdempotencyConflict' });
});

test.each([1, 20])('payments of %i orders are read in one statement, oldest first', async (count) => {
  const orders = [];
  for (let index = 0; index < count; index += 1) {
    const order = await world.reserved();
    await world.pay(order, 'tok_declined');
    await world.pay(order);
    orders.push(order.id);
  }
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  const { _entities } = await run(
    'query ($them: [_Any!]!) { _entities(representations: $them) { ... on Order { id payments { status } } } }',
    {
      them: orders.map((id) => ({ __typename: 'Order', id })),
    },
  );
  const statements = spy.mock.calls.length;
  spy.mockRestore();
  expect(_entities).toEqual(orders.map((id) => ({ id, payments: [{ status: 'DECLINED' }, { status: 'SUCCEEDED' }] })));
  expect(statements).toBe(2);
});
