import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { sqlOver, uuidv7 } from '@shop/subgraph';
import { eventually } from '@shop/testing';
import { graphql, parse } from 'graphql';
import { startPaymentsWorld, viewer, type PaymentsWorld } from '../../test/payments-world.ts';
import { createContext } from '../context.ts';
import { lockOrders } from '../db/order-changes.ts';
import type { PaymentProvider } from '../payments/provider.ts';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { resolvers } from './index.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
afterAll(() => world?.stop());

type TestOrder = Awaited<ReturnType<PaymentsWorld['reserved']>>;
/** A command about an order. Returns its answer in a few words. */
type Command = (order: TestOrder) => Promise<string>;

const schema = buildSubgraphSchema({
  typeDefs: parse(readFileSync('subgraphs/order/schema.graphql', 'utf8')),
  resolvers: resolvers as never,
});
const staff = viewer(uuidv7(), 'order:read', 'order:write');

/**
 * Sends a mutation. Returns the name of the result's member, or both statuses of an InvalidTransition. The answer must
 * have no errors: an expected failure is a member of the result.
 */
async function send(mutation: string, input: object, who = staff, rest: Partial<Dependencies> = {}): Promise<string> {
  const inputType = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const { data, errors } = await graphql({
    schema,
    source: `mutation ($input: ${inputType}!) { result: ${mutation}(input: $input) {
      __typename ... on UserError { code } ... on InvalidTransition { from to } } }`,
    variableValues: { input },
    contextValue: createContext(world.dependencies(rest), { viewer: who }),
  });
  expect(errors).toBeUndefined();
  const result = data?.['result'] as { __typename: string; code?: string; from?: string; to?: string | null };
  if (result.__typename !== 'InvalidTransition') return result.__typename;
  expect(result.code).toBe('INVALID_TRANSITION');
  return `${result.from} to ${result.to}`;
}

const pay =
  (idempotencyKey?: string, payments?: PaymentProvider): Command =>
  ({ id, customerId }) =>
    send(
      'payOrder',
      { orderId: id, paymentToken: 'tok_visa', idempotencyKey: idempotencyKey ?? uuidv7() },
      viewer(customerId),
      payments ? { payments } : {},
    );
const moveTo =
  (status: string): Command =>
  ({ id }) =>
    send('updateOrderStatus', { orderId: id, status });
const refund =
  (idempotencyKey?: string): Command =>
  ({ id }) =>
    send('refundOrder', { orderId: id, amount: 100, reason: 'A scratch', idempotencyKey: idempotencyKey ?? uuidv7() });

const commands = {
  reserve: ({ id }) => world.reserve(id).then(() => 'reserved'),
  pay: pay(),
  'pay with key k': pay('k'),
  cancel: ({ id, customerId }) => send('cancelOrder', { orderId: id }, viewer(customerId)),
  pack: moveTo('PROCESSING'),
  ship: moveTo('SHIPPED'),
  refund: refund(),
  'refund with key k': refund('k'),
} satisfies Record<string, Command>;

const start = {
  pending: () => world.pending(),
  reserved: () => world.reserved(),
  async overdue() {
    const order = await world.reserved();
    await world.database.client.order.update({ where: { id: order.id }, data: { reservedUntil: new Date(0) } });
    return order;
  },
  paid: () => world.paid(),
  async packed() {
    const order = await world.paid();
    expect(await moveTo('PROCESSING')(order)).toBe('UpdateOrderStatusSuccess');
    return order;
  },
};

/** Locks the order until both commands wait for it. Then they get the lock in this order. */
async function inTurn(order: TestOrder, first: Command, second: Command): Promise<string[]> {
  let answers: Promise<string>[] = [];
  await world.database.transact(async (tx) => {
    await lockOrders(tx, [order.id]);
    answers = [first(order)];
    await eventually(async () => expect(await countWaiting()).toBe(1));
    answers.push(second(order));
    await eventually(async () => expect(await countWaiting()).toBe(2));
  });
  return Promise.all(answers);
}

async function countWaiting(): Promise<number> {
  const [row] = await sqlOver(world.database.client).query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  );
  return row?.count ?? 0;
}

/** The order's history after it was placed, and the amount that the provider has charged and not refunded. */
async function outcomeOf({ id }: TestOrder): Promise<{ history: string; kept: number }> {
  const { history, payments } = await world.load(id);
  const keys = payments.map((payment) => payment.id);
  const sum = (rows: readonly { amountMinor: bigint }[]) =>
    rows.reduce((total, { amountMinor }) => total + Number(amountMinor), 0);
  return {
    history: history
      .slice(1)
      .map(({ type }) => type)
      .join(' '),
    kept: sum(await world.charges(keys)) - sum(await world.refunds(keys)),
  };
}

type Case = [
  state: keyof typeof start,
  first: keyof typeof commands,
  second: keyof typeof commands,
  firstAnswer: string,
  secondAnswer: string,
  history: string,
  kept: number,
];

test.each<Case>([
  ['pending', 'pay', 'reserve', 'PENDING to PAID', 'reserved', 'RESERVED', 0],
  ['pending', 'reserve', 'pay', 'reserved', 'PayOrderSuccess', 'RESERVED PAID', 1000],
  ['pending', 'cancel', 'reserve', 'CancelOrderSuccess', 'reserved', 'CANCELLED', 0],
  ['pending', 'cancel', 'pay', 'CancelOrderSuccess', 'CANCELLED to PAID', 'CANCELLED', 0],
  // The order is cancelled between the attempt and its charge, which is refunded.
  ['reserved', 'pay', 'cancel', 'CANCELLED to PAID', 'CancelOrderSuccess', 'RESERVED CANCELLED', 0],
  ['reserved', 'cancel', 'pay', 'CancelOrderSuccess', 'CANCELLED to PAID', 'RESERVED CANCELLED', 0],
  ['reserved', 'cancel', 'cancel', 'CancelOrderSuccess', 'CANCELLED to CANCELLED', 'RESERVED CANCELLED', 0],
  ['reserved', 'pay with key k', 'pay with key k', 'PayOrderSuccess', 'PayOrderSuccess', 'RESERVED PAID', 1000],
  ['overdue', 'pay', 'pay', 'EXPIRED to PAID', 'EXPIRED to PAID', 'RESERVED EXPIRED', 0],
  ['overdue', 'pay', 'cancel', 'EXPIRED to PAID', 'EXPIRED to CANCELLED', 'RESERVED EXPIRED', 0],
  ['overdue', 'cancel', 'pay', 'CancelOrderSuccess', 'CANCELLED to PAID', 'RESERVED CANCELLED', 0],
  ['paid', 'pack', 'pack', 'UpdateOrderStatusSuccess', 'PROCESSING to PROCESSING', 'RESERVED PAID PROCESSING', 1000],
  ['paid', 'cancel', 'pack', 'CancelOrderSuccess', 'CANCELLED to PROCESSING', 'RESERVED PAID CANCELLED', 0],
  ['paid', 'cancel', 'pay', 'CancelOrderSuccess', 'CANCELLED to PAID', 'RESERVED PAID CANCELLED', 0],
  ['paid', 'cancel', 'refund', 'CancelOrderSuccess', 'CANCELLED to null', 'RESERVED PAID CANCELLED', 0],
  ['paid', 'refund', 'cancel', 'RefundOrderSuccess', 'CancelOrderSuccess', 'RESERVED PAID REFUNDED CANCELLED', 0],
  [
    'paid',
    'refund with key k',
    'refund with key k',
    'RefundOrderSuccess',
    'RefundOrderSuccess',
    'RESERVED PAID REFUNDED',
    900,
  ],
  [
    'packed',
    'ship',
    'cancel',
    'UpdateOrderStatusSuccess',
    'SHIPPED to CANCELLED',
    'RESERVED PAID PROCESSING SHIPPED',
    1000,
  ],
  ['packed', 'cancel', 'ship', 'CancelOrderSuccess', 'CANCELLED to SHIPPED', 'RESERVED PAID PROCESSING CANCELLED', 0],
])('order that is %s: %s before %s', async (state, first, second, firstAnswer, secondAnswer, history, kept) => {
  const order = await start[state]();
  expect(await inTurn(order, commands[first], commands[second])).toEqual([firstAnswer, secondAnswer]);
  expect(await outcomeOf(order)).toEqual({ history, kept });
});

test('a second payment with another key finds the order PAID, and is not charged', async () => {
  const order = await world.reserved();
  let charged = (): void => {};
  const isCharged = new Promise<void>((resolve) => (charged = resolve));
  const payments: PaymentProvider = {
    ...world.provider,
    charge: (request) => world.provider.charge(request).finally(charged),
    findCharge: async (chargeKey) => {
      await isCharged;
      return world.provider.findCharge(chargeKey);
    },
  };
  expect(await inTurn(order, pay('one', payments), pay('two', payments))).toEqual(['PayOrderSuccess', 'PAID to PAID']);
  expect(await outcomeOf(order)).toEqual({ history: 'RESERVED PAID', kept: 1000 });
});

test('a payment that came before the reservation succeeds later with the same key', async () => {
  const order = await world.pending();
  expect(await pay('k')(order)).toBe('PENDING to PAID');
  await world.reserve(order.id);
  expect(await pay('k')(order)).toBe('PayOrderSuccess');
});

test('a repeated payment gets its success, also when the order was cancelled in between', async () => {
  const order = await world.reserved();
  expect(await pay('k')(order)).toBe('PayOrderSuccess');
  expect(await inTurn(order, commands.cancel, pay('k'))).toEqual(['CancelOrderSuccess', 'PayOrderSuccess']);
  expect(await outcomeOf(order)).toEqual({ history: 'RESERVED PAID CANCELLED', kept: 0 });
});
