import { listAudit, uuidv7 } from '@shop/subgraph';
import { startPaymentsWorld, viewer, type PaymentsWorld } from '../../test/payments-world.ts';
import { OutcomeUnknown, type PaymentProvider } from '../payments/provider.ts';
import { cancelOrder } from './cancel-order.ts';
import { carryOutDueRefunds, carryOutRefunds } from './carry-out-refunds.ts';
import { refundOrder } from './refund-order.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
afterAll(() => world?.stop());

const staff = viewer(uuidv7(), 'order:write');
const refund = (orderId: string, rest: object = {}, payments?: PaymentProvider) =>
  refundOrder(
    world.dependencies(payments && { payments }),
    { orderId, reason: 'Scratched', idempotencyKey: uuidv7(), ...rest },
    staff,
  );
const away = (): PaymentProvider => ({ ...world.provider, refund: () => Promise.reject(new OutcomeUnknown('away')) });
const dies = (): PaymentProvider => ({
  ...world.provider,
  refund: async (request) => {
    await world.provider.refund(request);
    throw new Error('killed');
  },
});
const due = (orderId: string) =>
  world.database.client.refund.updateMany({ where: { orderId }, data: { dueAt: new Date(0) } });
const givenBack = async (paymentId: string) =>
  (await world.refunds([paymentId])).reduce((sum, { amountMinor }) => sum + Number(amountMinor), 0);

describe('refunding', () => {
  test('of a part and then the rest is recorded in payment, history and events, and keeps the status', async () => {
    const { id, payment } = await world.paid();
    expect(await refund(id, { amount: 300 })).toMatchObject({
      kind: 'accepted',
      order: { status: 'PAID', version: 4 },
      payment: { status: 'PARTIALLY_REFUNDED', refundedMinor: 300 },
    });
    expect(await refund(id)).toMatchObject({
      kind: 'accepted',
      payment: { status: 'REFUNDED', refundedMinor: 1000, refundingMinor: 0 },
    });
    expect(await refund(id)).toEqual({ kind: 'too-large', refundableMinor: 0, currencyCode: 'USD' });
    const row = await world.load(id);
    expect(row).toMatchObject({ status: 'PAID', version: 5, payments: [{ status: 'REFUNDED', refundedMinor: 1000n }] });
    expect(row.history.slice(3)).toMatchObject(
      Array(2).fill({
        type: 'REFUNDED',
        fromStatus: 'PAID',
        toStatus: 'PAID',
        reason: 'Scratched',
        actorId: staff.userId,
      }),
    );
    expect(await world.eventsOf(id)).toEqual([
      'order.updated PAID',
      'payment.processed SUCCEEDED',
      'order.updated PAID',
      'payment.refunded 300',
      'order.updated PAID',
      'payment.refunded 700',
    ]);
    expect(await givenBack(payment.id)).toBe(1000);
  });

  test('is in the audit log once, with its actor, also when the request is repeated', async () => {
    const { id, payment } = await world.paid();
    const idempotencyKey = uuidv7();
    for (let attempt = 0; attempt < 2; attempt += 1) await refund(id, { amount: 300, idempotencyKey });
    await refund(id, { amount: 100_000 });
    const { nodes } = await listAudit(world.database.client, { filter: { subjectId: id } });
    expect(nodes).toMatchObject([{ action: 'REFUND_REQUESTED', actorId: staff.userId }]);
    const details = Object.fromEntries((nodes[0]?.details ?? []).map(({ name, value }) => [name, value]));
    expect(details).toMatchObject({ paymentId: payment.id, amountMinor: '300' });
  });

  test.each(['PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED'] as const)('is allowed for %s', async (status) => {
    const { id } = await world.paid();
    await world.database.client.order.update({ where: { id }, data: { status } });
    expect(await refund(id, { amount: 1 })).toMatchObject({ kind: 'accepted', order: { status } });
  });

  test.each(['PENDING', 'FAILED', 'CANCELLED', 'EXPIRED'] as const)('is refused for %s', async (status) => {
    const { id } = await world.reserved();
    await world.database.client.order.update({ where: { id }, data: { status, reservedUntil: null } });
    expect(await refund(id)).toEqual({ kind: 'invalid-transition', from: status });
  });

  test.each([
    ['nothing', { amount: 0 }, 'amount'],
    ['less than nothing', { amount: -5 }, 'amount'],
    ['a fraction', { amount: 1.5 }, 'amount'],
    ['no reason', { reason: ' ' }, 'reason'],
    ['a long reason', { reason: 'x'.repeat(501) }, 'reason'],
    ['NUL in the reason', { reason: 'a\0' }, 'reason'],
    ['no key', { idempotencyKey: '' }, 'idempotencyKey'],
    ['a key of 10 kB', { idempotencyKey: 'x'.repeat(10_000) }, 'idempotencyKey'],
  ])('%s is refused with its path', async (_what, wrong, path) => {
    const { id } = await world.paid();
    expect(await refund(id, wrong)).toMatchObject({ kind: 'invalid-input', issues: [{ path }] });
    expect((await world.load(id)).version).toBe(3);
  });

  test('of more than the rest is refused with the refundable amount, and an unknown order is not found', async () => {
    const { id } = await world.paid();
    expect(await refund(id, { amount: 1001 })).toEqual({
      kind: 'too-large',
      refundableMinor: 1000,
      currencyCode: 'USD',
    });
    expect(await refund(id, { amount: Number.MAX_SAFE_INTEGER })).toMatchObject({ kind: 'too-large' });
    await refund(id, { amount: 400 }, away());
    expect(await refund(id, { amount: 601 })).toMatchObject({ kind: 'too-large', refundableMinor: 600 }); // a pending refund counts
    for (const orderId of [uuidv7(), 'x']) expect(await refund(orderId)).toEqual({ kind: 'not-found', orderId });
  });

  test('with one key is made once, even by 20 concurrent requests, and conflicts with another input', async () => {
    const [{ id, payment }, idempotencyKey] = [await world.paid(), "key '; -- 🤯"];
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => refund(id, { amount: 100, idempotencyKey })));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(20).fill('accepted'));
    expect(await refund(id, { amount: 101, idempotencyKey })).toEqual({ kind: 'idempotency-conflict' });
    expect(await refund(id, { amount: 100, idempotencyKey, reason: 'Lost' })).toEqual({ kind: 'idempotency-conflict' });
    expect(await givenBack(payment.id)).toBe(100);
    expect((await world.load(id)).version).toBe(4);
  });

  test('20 times concurrently never refunds more than was captured', async () => {
    const { id, payment } = await world.paid();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => refund(id, { amount: 150 })));
    expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(6);
    expect(outcomes.filter(({ kind }) => kind === 'too-large')).toHaveLength(14);
    expect(await givenBack(payment.id)).toBe(900);
    expect(await world.load(id)).toMatchObject({ payments: [{ status: 'PARTIALLY_REFUNDED', refundedMinor: 900n }] });
  });
});

describe('a refund that is not made at once', () => {
  test.each([
    ['the provider is unavailable', away, false],
    ['the process dies after the provider has made it', dies, true],
  ])('because %s is made once by the job', async (_why, failing, isKilled) => {
    const { id, payment } = await world.paid();
    const accepted = refund(id, { amount: 250 }, failing());
    if (isKilled) await expect(accepted).rejects.toThrow('killed');
    else
      expect(await accepted).toMatchObject({
        kind: 'accepted',
        payment: { status: 'SUCCEEDED', refundedMinor: 0, refundingMinor: 250 },
      });
    expect(await world.load(id)).toMatchObject({
      payments: [{ status: 'SUCCEEDED', refunds: [{ status: 'PENDING' }] }],
    });
    await carryOutDueRefunds(world.dependencies());
    expect((await world.load(id)).payments[0]?.refunds).toMatchObject([{ status: 'PENDING' }]); // not before it is due
    for (let round = 0; round < 2; round += 1) {
      await due(id);
      await carryOutDueRefunds(world.dependencies());
    }
    expect(await world.load(id)).toMatchObject({
      payments: [{ status: 'PARTIALLY_REFUNDED', refundedMinor: 250n, refunds: [{ status: 'SUCCEEDED' }] }],
    });
    expect(await givenBack(payment.id)).toBe(250);
    expect((await world.eventsOf(id)).filter((event) => event.startsWith('payment.refunded'))).toEqual([
      'payment.refunded 250',
    ]);
  });

  test('is carried out once by concurrent replicas', async () => {
    const { id, payment } = await world.paid();
    await refund(id, { amount: 10 }, away());
    await due(id);
    world.calls.length = 0;
    await Promise.all(Array.from({ length: 8 }, () => carryOutDueRefunds(world.dependencies())));
    // On a slow machine refunds of the tests before are due as well.
    const { id: key } = await world.database.client.refund.findFirstOrThrow({ where: { orderId: id } });
    expect(world.calls.filter((call) => call.key === key)).toHaveLength(1);
    expect(await givenBack(payment.id)).toBe(10);
  });

  test('is recorded once if several processes carry it out concurrently', async () => {
    const { id } = await world.paid();
    await refund(id, { amount: 10 }, away());
    const [row] = (await world.load(id)).payments[0]!.refunds;
    const recorded = { id: row!.id, paymentId: row!.paymentId, orderId: id, amountMinor: 10, reason: null };
    await Promise.all(Array.from({ length: 10 }, () => carryOutRefunds(world.dependencies(), [recorded])));
    expect(await world.load(id)).toMatchObject({ payments: [{ status: 'PARTIALLY_REFUNDED', refundedMinor: 10n }] });
    expect((await world.eventsOf(id)).filter((event) => event.startsWith('payment.refunded'))).toEqual([
      'payment.refunded 10',
    ]);
  });

  const failuresOf = async (id: string) =>
    (await world.eventsOf(id)).filter((event) => event.startsWith('payment.refund_failed'));

  test('stays recorded when the provider refuses it, and is reported once', async () => {
    const { id, customerId, payment } = await world.paid();
    const refuses: PaymentProvider = { ...world.provider, refund: async () => ({ kind: 'refused', reason: 'no' }) };
    expect(await refund(id, {}, refuses)).toMatchObject({ kind: 'accepted', payment: { refundingMinor: 1000 } });
    const row = await world.load(id);
    expect(row).toMatchObject({ payments: [{ status: 'SUCCEEDED', refunds: [{ status: 'PENDING' }] }] });
    await due(id);
    await carryOutDueRefunds(world.dependencies({ payments: refuses }));
    expect(await failuresOf(id)).toEqual(['payment.refund_failed 1000']);
    const [event] = await world.database.client.outbox.findMany({
      where: { aggregateId: id, type: 'shop.payment.refund_failed.v1' },
    });
    expect((event?.payload as { data?: unknown }).data).toEqual({
      orderId: id,
      customerId,
      orderNumber: row.number,
      paymentId: payment.id,
      refundId: row.payments[0]?.refunds[0]?.id,
      amountMinor: 1000,
      currencyCode: 'USD',
      reason: 'The payment provider refused it.',
    });
  });

  test('is reported when the provider is away for long, and made when it is back', async () => {
    const { id, payment } = await world.paid();
    await refund(id, {}, away());
    const passes = async (minutes: number) => {
      await due(id);
      const now = () => new Date(Date.now() + minutes * 60_000);
      await carryOutDueRefunds({ ...world.dependencies({ payments: away() }), now });
    };
    await passes(14);
    expect(await failuresOf(id)).toEqual([]);
    await passes(16);
    await passes(17);
    expect(await failuresOf(id)).toEqual(['payment.refund_failed 1000']);
    await due(id);
    await carryOutDueRefunds(world.dependencies());
    expect(await givenBack(payment.id)).toBe(1000);
  });
});

describe('cancelling', () => {
  test.each(['PAID', 'PROCESSING'] as const)('a %s order refunds the rest of its money', async (status) => {
    const { id, customerId, payment } = await world.paid();
    await world.database.client.order.update({ where: { id }, data: { status } });
    await refund(id, { amount: 300 });
    expect(await cancelOrder(world.dependencies(), { orderId: id }, viewer(customerId))).toMatchObject({
      kind: 'cancelled',
    });
    const row = await world.load(id);
    expect(row).toMatchObject({ status: 'CANCELLED', payments: [{ status: 'REFUNDED', refundedMinor: 1000n }] });
    expect(
      row.payments[0]?.refunds.map(({ amountMinor, idempotencyKey }) => [amountMinor, idempotencyKey === null]),
    ).toEqual([
      [300n, false],
      [700n, true],
    ]);
    expect(await givenBack(payment.id)).toBe(1000);
    expect((await world.eventsOf(id)).slice(-2)).toEqual(['order.cancelled CANCELLED', 'payment.refunded 700']);
  });

  test('succeeds while the provider is unavailable, and the refund follows', async () => {
    const { id, customerId, payment } = await world.paid();
    expect(
      await cancelOrder(world.dependencies({ payments: away() }), { orderId: id }, viewer(customerId)),
    ).toMatchObject({ kind: 'cancelled' });
    expect(await givenBack(payment.id)).toBe(0);
    await due(id);
    await carryOutDueRefunds(world.dependencies());
    expect(await world.load(id)).toMatchObject({ payments: [{ status: 'REFUNDED' }] });
  });

  test('with concurrent refunds returns exactly the captured amount', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id, customerId, payment } = await world.paid();
      const wishes = Array.from({ length: 5 }, () => refund(id, { amount: 300 }));
      const [cancelled] = await Promise.all([
        cancelOrder(world.dependencies(), { orderId: id }, viewer(customerId)),
        ...wishes,
      ]);
      expect(cancelled.kind).toBe('cancelled');
      expect(await givenBack(payment.id)).toBe(1000);
      expect(await world.load(id)).toMatchObject({ status: 'CANCELLED', payments: [{ status: 'REFUNDED' }] });
    }
  });
});
