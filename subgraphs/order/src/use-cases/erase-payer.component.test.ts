import { uuidv7 } from '@shop/subgraph';
import { startPaymentsWorld, viewer, type PaymentsWorld } from '../../test/payments-world.ts';
import { cancelOrder } from './cancel-order.ts';
import { eraseCustomer } from './erase-customer.ts';
import { refundOrder } from './refund-order.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
afterAll(() => world?.stop());

const erase = (userId: string) => world.database.transact((tx) => eraseCustomer(tx, userId, new Date()));
const asText = (value: unknown) =>
  JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? String(member) : member));

test('removes the customer from payments and refunds, and keeps the amounts', async () => {
  const order = await world.reserved();
  await world.pay(order, 'tok_declined', { key: 'trace of Ada 1' });
  await world.pay(order, 'tok_visa', { key: 'trace of Ada 2' });
  const staff = viewer(uuidv7(), 'order:write');
  const refund = { orderId: order.id, amount: 100, reason: 'Scratched', idempotencyKey: 'key of staff' };
  expect(await refundOrder(world.dependencies(), refund, staff)).toMatchObject({ kind: 'accepted' });
  await cancelOrder(world.dependencies(), { orderId: order.id, reason: 'trace: I moved' }, viewer(order.customerId));
  const before = await world.load(order.id);
  await erase(order.customerId);
  const after = await world.load(order.id);
  expect(asText(after)).not.toMatch(/trace/i);
  expect(asText(after)).not.toContain(order.customerId);
  expect(
    after.payments.map((payment) => [payment.idempotencyKey === payment.id, payment.fingerprint, payment.actorId]),
  ).toEqual([
    [true, '', null],
    [true, '', null],
  ]);
  const toMoney = ({ payments }: typeof after) =>
    payments.map(({ status, amountMinor, refundedMinor, refunds }) => [
      status,
      amountMinor,
      refundedMinor,
      refunds.map((each) => [each.amountMinor, each.status]),
    ]);
  expect(toMoney(after)).toEqual(toMoney(before));
  // Reasons and ids of staff stay.
  expect(after.payments.flatMap(({ refunds }) => refunds)).toContainEqual(
    expect.objectContaining({ reason: 'Scratched', actorId: staff.userId, idempotencyKey: 'key of staff' }),
  );
  await erase(order.customerId);
  expect(await world.load(order.id)).toEqual(after);
});

test('removes what a member of staff wrote about a refund of their own order', async () => {
  const order = await world.paid();
  const own = viewer(order.customerId, 'order:write');
  const refund = { orderId: order.id, amount: 100, reason: 'trace: it hurt my back', idempotencyKey: 'trace of Ada' };
  expect(await refundOrder(world.dependencies(), refund, own)).toMatchObject({ kind: 'accepted' });
  const [before] = (await world.load(order.id)).payments[0]!.refunds;
  await erase(order.customerId);
  const after = await world.load(order.id);
  expect(asText(after)).not.toMatch(/trace/i);
  // The reason could be guessed from the fingerprint.
  expect(asText(after)).not.toContain(before!.fingerprint);
  expect(after.payments[0]!.refunds).toEqual([
    { ...before, reason: null, actorId: null, idempotencyKey: before!.id, fingerprint: '' },
  ]);
});

test('removes deleted staff from refunds', async () => {
  const order = await world.paid();
  const staff = uuidv7();
  const refund = { orderId: order.id, amount: 100, reason: 'Scratched', idempotencyKey: uuidv7() };
  await refundOrder(world.dependencies(), refund, viewer(staff, 'order:write'));
  await erase(staff);
  const after = await world.load(order.id);
  expect(asText(after)).not.toContain(staff);
  expect(after).toMatchObject({
    customerId: order.customerId,
    payments: [{ actorId: order.customerId, refunds: [{ actorId: null, reason: 'Scratched' }] }],
  });
});

test('a concurrent payment and erasure leave no personal data and lose no money', async () => {
  const orders = await Promise.all(Array.from({ length: 12 }, () => world.reserved()));
  const outcomes = await Promise.all(
    orders.flatMap((order) => [world.pay(order).then(({ kind }) => kind), erase(order.customerId).then(() => null)]),
  );
  for (const [index, order] of orders.entries()) {
    const row = await world.load(order.id);
    expect(asText(row)).not.toContain(order.customerId);
    expect(row.status).toBe(outcomes[index * 2] === 'paid' ? 'PAID' : 'RESERVED');
  }
});
