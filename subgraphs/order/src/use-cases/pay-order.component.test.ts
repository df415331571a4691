import { uuidv7 } from '@shop/subgraph';
import { kinds, startPaymentsWorld, viewer, type PaymentsWorld } from '../../test/payments-world.ts';
import { NotCharged, OutcomeUnknown, type PaymentProvider } from '../payments/provider.ts';
import { cancelOrder } from './cancel-order.ts';
import { expireOrders } from './expire-orders.ts';
import { payOrder } from './pay-order.ts';
import { settleDuePayments } from './settle-payments.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
afterAll(() => world?.stop());

const { hostile, tooLong } = { hostile: '\'; DROP TABLE payments; -- " 🤯 $1 %s \\', tooLong: 'x'.repeat(10_000) };
const provider = (rest: Partial<PaymentProvider>): PaymentProvider => ({ ...world.provider, ...rest });
const settle = () => settleDuePayments(world.dependencies());
const runOut = (id: string) =>
  world.database.client.order.update({ where: { id }, data: { reservedUntil: new Date(Date.now() - 1) } });

describe('paying', () => {
  test('captures the total, and writes status, history and events in one transaction', async () => {
    const order = await world.reserved();
    const outcome = await world.pay(order);
    expect(outcome).toMatchObject({
      kind: 'paid',
      order: { status: 'PAID', reservedUntil: null },
      payment: { status: 'SUCCEEDED', amountMinor: 1000, currencyCode: 'USD', method: 'card' },
    });
    const row = await world.load(order.id);
    expect(row).toMatchObject({
      status: 'PAID',
      version: 3,
      payments: [
        { status: 'SUCCEEDED', amountMinor: 1000n, refundedMinor: 0n, failureReason: null, actorId: order.customerId },
      ],
    });
    expect(row.history.at(-1)).toMatchObject({
      type: 'PAID',
      fromStatus: 'RESERVED',
      toStatus: 'PAID',
      actorId: order.customerId,
    });
    expect(await world.eventsOf(order.id)).toEqual(['order.updated PAID', 'payment.processed SUCCEEDED']);
    expect(await world.charges(row.payments.map(({ id }) => id))).toMatchObject([
      { amountMinor: 1000n, currencyCode: 'USD' },
    ]);
  });

  test('a free order is paid, and its cancellation refunds nothing', async () => {
    const order = await world.free();
    expect(await world.pay(order)).toMatchObject({ kind: 'paid', payment: { amountMinor: 0, currencyCode: 'JPY' } });
    expect(await cancelOrder(world.dependencies(), { orderId: order.id }, viewer(order.customerId))).toMatchObject({
      kind: 'cancelled',
    });
    expect(await world.load(order.id)).toMatchObject({ payments: [{ status: 'SUCCEEDED', refunds: [] }] });
  });

  test.each(['tok_declined', 'tok_insufficient_funds'])(
    '%s is declined, and the customer may try another card',
    async (token) => {
      const [order, key] = [await world.reserved(), uuidv7()];
      const declined = await world.pay(order, token, { key });
      expect(declined).toMatchObject({
        kind: 'declined',
        payment: { status: 'DECLINED', failureReason: expect.stringContaining('.') },
      });
      expect(await world.pay(order, token, { key })).toEqual(declined);
      expect(await world.load(order.id)).toMatchObject({ status: 'RESERVED', version: 2 });
      expect(await world.pay(order)).toMatchObject({ kind: 'paid' });
      expect(await world.eventsOf(order.id)).toEqual([
        'payment.processed DECLINED',
        'order.updated PAID',
        'payment.processed SUCCEEDED',
      ]);
      // The old key neither declines nor charges a paid order.
      expect(await world.pay(order, token, { key })).toEqual(declined);
    },
  );

  test('tok_timeout: the answer is lost, and the retry with the same key finds the charge', async () => {
    const [order, key] = [await world.reserved(), uuidv7()];
    expect(await world.pay(order, 'tok_timeout', { key })).toEqual({ kind: 'unknown' });
    expect(await world.load(order.id)).toMatchObject({ status: 'RESERVED', payments: [{ status: 'PENDING' }] });
    expect(await world.pay(order, 'tok_timeout', { key })).toMatchObject({
      kind: 'paid',
      payment: { status: 'SUCCEEDED' },
    });
    const { payments } = await world.load(order.id);
    expect(await world.charges(payments.map(({ id }) => id))).toHaveLength(1);
  });

  test('tok_timeout: without a retry, the job finds the charge at once', async () => {
    const order = await world.reserved();
    expect(await world.pay(order, 'tok_timeout')).toEqual({ kind: 'unknown' });
    await settle();
    expect(await world.load(order.id)).toMatchObject({ status: 'PAID', payments: [{ status: 'SUCCEEDED' }] });
  });

  test('tok_unavailable: nothing is charged, and the same key may try again', async () => {
    const [order, key] = [await world.reserved(), uuidv7()];
    expect(await world.pay(order, 'tok_unavailable', { key })).toEqual({ kind: 'not-charged' });
    expect(await world.pay(order, 'tok_unavailable', { key })).toEqual({ kind: 'not-charged' });
    expect(await world.load(order.id)).toMatchObject({
      status: 'RESERVED',
      payments: [{ status: 'FAILED', failureReason: 'The provider could not be reached.' }],
    });
    const works = provider({ charge: (request) => world.provider.charge({ ...request, token: 'tok_visa' }) });
    expect(await world.pay(order, 'tok_unavailable', { key, payments: works })).toMatchObject({
      kind: 'paid',
      payment: { status: 'SUCCEEDED', failureReason: null },
    });
    expect((await world.load(order.id)).payments).toHaveLength(1);
    expect(await world.eventsOf(order.id)).toEqual([
      'payment.processed FAILED',
      'payment.processed FAILED',
      'order.updated PAID',
      'payment.processed SUCCEEDED',
    ]);
  });
});

describe('the idempotency key', () => {
  test('returns the first payment again, even after a refund and a cancellation', async () => {
    const [order, key] = [await world.reserved(), uuidv7()];
    const first = await world.pay(order, 'tok_visa', { key });
    expect(await world.pay(order, 'tok_visa', { key })).toEqual(first);
    await cancelOrder(world.dependencies(), { orderId: order.id }, viewer(order.customerId));
    expect(await world.pay(order, 'tok_visa', { key })).toMatchObject({
      kind: 'paid',
      order: { status: 'CANCELLED' },
      payment: { status: 'REFUNDED' },
    });
    expect(await world.pay(order)).toEqual({ kind: 'invalid-transition', from: 'CANCELLED' });
  });

  test('conflicts with another token, and may be used for another order', async () => {
    const [order, other, key] = [await world.reserved(), await world.reserved(), uuidv7()];
    await world.pay(order, 'tok_declined', { key });
    expect(await world.pay(order, 'tok_visa', { key })).toEqual({ kind: 'idempotency-conflict' });
    expect(await world.pay(other, 'tok_visa', { key })).toMatchObject({ kind: 'paid' });
  });

  test('50 concurrent requests charge once and get the same answer', async () => {
    const [order, key] = [await world.reserved(), uuidv7()];
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => world.pay(order, 'tok_visa', { key })));
    expect(new Set(outcomes.map((outcome) => (outcome.kind === 'paid' ? outcome.payment.id : outcome.kind))).size).toBe(
      1,
    );
    expect(kinds(outcomes)).toEqual(Array(50).fill('paid'));
    const { payments, version } = await world.load(order.id);
    expect([payments.length, version]).toEqual([1, 3]);
    expect(await world.charges(payments.map(({ id }) => id))).toHaveLength(1);
    expect(await world.eventsOf(order.id)).toEqual(['order.updated PAID', 'payment.processed SUCCEEDED']);
  });

  test('a charge is found if one of two concurrent tries charged and died, and the other did not charge', async () => {
    const [order, key] = [await world.reserved(), uuidv7()];
    const dies = provider({
      charge: (request) => world.provider.charge(request).then(() => Promise.reject(new Error('killed'))),
    });
    const first = provider({
      charge: async () => {
        await expect(world.pay(order, 'tok_visa', { key, payments: dies })).rejects.toThrow('killed');
        throw new NotCharged('away');
      },
    });
    expect(await world.pay(order, 'tok_visa', { key, payments: first })).toEqual({ kind: 'unknown' });
    await world.timePasses(order.id);
    await settle();
    expect(await world.load(order.id)).toMatchObject({ status: 'PAID', payments: [{ status: 'SUCCEEDED' }] });
  });

  test('concurrent requests with different keys charge once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const order = await world.reserved();
      const outcomes = await Promise.all(Array.from({ length: 4 }, () => world.pay(order)));
      expect(outcomes.filter(({ kind }) => kind === 'paid')).toHaveLength(1);
      for (const { kind } of outcomes) expect(['paid', 'in-progress', 'invalid-transition']).toContain(kind);
      const { payments } = await world.load(order.id);
      expect(await world.charges(payments.map(({ id }) => id))).toHaveLength(1);
    }
  });
});

describe('refusals', () => {
  test.each([
    ['an unknown token', { paymentToken: 'tok_gold' }, 'paymentToken'],
    ['a hostile token', { paymentToken: hostile }, 'paymentToken'],
    ['a token of 10 kB', { paymentToken: tooLong }, 'paymentToken'],
    ['NUL in a token', { paymentToken: 'tok_visa\0' }, 'paymentToken'],
    ['an empty key', { idempotencyKey: ' ' }, 'idempotencyKey'],
    ['a key of 10 kB', { idempotencyKey: tooLong }, 'idempotencyKey'],
    ['NUL in a key', { idempotencyKey: 'a\0b' }, 'idempotencyKey'],
    ['half a surrogate pair in a key', { idempotencyKey: 'a\ud800' }, 'idempotencyKey'],
  ])('%s is rejected with its path, and no payment is recorded', async (_what, wrong, path) => {
    const { id, customerId } = await world.reserved();
    const outcome = await payOrder(
      world.dependencies(),
      { orderId: id, paymentToken: 'tok_visa', idempotencyKey: uuidv7(), ...wrong },
      customerId,
    );
    expect(outcome).toMatchObject({ kind: 'invalid-input', issues: [{ path }] });
    expect(JSON.stringify(outcome)).not.toContain('DROP TABLE');
    expect((await world.load(id)).payments).toEqual([]);
  });

  test('a key with quotes and emoji is accepted', async () => {
    const order = await world.reserved();
    expect(await world.pay(order, 'tok_visa', { key: hostile })).toMatchObject({ kind: 'paid' });
    expect(await world.pay(order, 'tok_visa', { key: ` ${hostile} ` })).toMatchObject({ kind: 'paid' });
    expect((await world.load(order.id)).payments).toMatchObject([{ idempotencyKey: hostile }]);
  });

  test('orders of others, unknown orders and invalid ids get the same answer', async () => {
    const { id } = await world.reserved();
    for (const orderId of [id, uuidv7(), 'x', "' OR 1=1"]) {
      const outcome = await payOrder(
        world.dependencies(),
        { orderId, paymentToken: 'tok_visa', idempotencyKey: uuidv7() },
        uuidv7(),
      );
      expect(outcome).toEqual({ kind: 'not-found', orderId });
    }
    expect((await world.load(id)).payments).toEqual([]);
  });

  test('an order that is not RESERVED is refused before the provider is called', async () => {
    const order = await world.paid();
    world.calls.length = 0;
    expect(await world.pay(order)).toEqual({ kind: 'invalid-transition', from: 'PAID' });
    expect(world.calls).toEqual([]);
  });

  test('an order whose reservation has run out expires without a charge', async () => {
    const order = await world.reserved();
    await runOut(order.id);
    world.calls.length = 0;
    expect(await world.pay(order)).toEqual({ kind: 'invalid-transition', from: 'EXPIRED' });
    expect(world.calls).toEqual([]);
    expect(await world.load(order.id)).toMatchObject({ status: 'EXPIRED', payments: [] });
    expect(await world.eventsOf(order.id)).toEqual(['order.updated EXPIRED']);
  });
});

describe('a process that dies between the charge and the record of it', () => {
  /** A provider that charges, after which the process dies. */
  const dies = (token: string) =>
    provider({
      charge: async (request) => {
        await world.provider.charge({ ...request, token });
        throw new Error('killed');
      },
    });
  const crash = async (token = 'tok_visa') => {
    const [order, key] = [await world.reserved(), uuidv7()];
    await expect(world.pay(order, 'tok_visa', { key, payments: dies(token) })).rejects.toThrow('killed');
    expect(await world.load(order.id)).toMatchObject({ status: 'RESERVED', payments: [{ status: 'PENDING' }] });
    return { order, key };
  };

  test('has its payment settled by the job', async () => {
    const { order } = await crash();
    await settle();
    expect((await world.load(order.id)).status).toBe('RESERVED'); // not before the attempt's time limit
    await world.timePasses(order.id);
    await settle();
    expect(await world.load(order.id)).toMatchObject({ status: 'PAID', payments: [{ status: 'SUCCEEDED' }] });
    expect((await world.load(order.id)).history.at(-1)).toMatchObject({ type: 'PAID', actorId: order.customerId });
  });

  test('has its decline settled by the job', async () => {
    const { order } = await crash('tok_declined');
    await world.timePasses(order.id);
    await settle();
    expect(await world.load(order.id)).toMatchObject({ status: 'RESERVED', payments: [{ status: 'DECLINED' }] });
  });

  test.each(['the same key', 'another key'])('has its payment settled by a request with %s', async (which) => {
    const { order, key } = await crash();
    const isSame = which === 'the same key';
    const outcome = await world.pay(order, 'tok_visa', isSame ? { key } : {});
    expect(outcome).toMatchObject(isSame ? { kind: 'paid' } : { kind: 'invalid-transition', from: 'PAID' });
    const { payments, status } = await world.load(order.id);
    expect([status, payments.length]).toEqual(['PAID', 1]);
    expect(await world.charges(payments.map(({ id }) => id))).toHaveLength(1);
  });

  test('has its payment refunded if the order was cancelled meanwhile', async () => {
    const { order, key } = await crash();
    expect(await cancelOrder(world.dependencies(), { orderId: order.id }, viewer(order.customerId))).toMatchObject({
      kind: 'cancelled',
    });
    expect(await world.pay(order, 'tok_visa', { key })).toEqual({ kind: 'invalid-transition', from: 'CANCELLED' });
    const { payments } = await world.load(order.id);
    expect(payments).toMatchObject([
      {
        status: 'REFUNDED',
        refundedMinor: 1000n,
        failureReason: expect.stringContaining('CANCELLED'),
        refunds: [{ status: 'SUCCEEDED' }],
      },
    ]);
    expect(await world.refunds(payments.map(({ id }) => id))).toMatchObject([{ amountMinor: 1000n }]);
    expect(await world.eventsOf(order.id)).toEqual([
      'order.cancelled CANCELLED',
      'payment.processed SUCCEEDED',
      'payment.refunded 1000',
    ]);
    // The answer stays the same later.
    expect(await world.pay(order, 'tok_visa', { key })).toEqual({ kind: 'invalid-transition', from: 'CANCELLED' });
  });

  test('an attempt in progress prevents other attempts and the expiry of its order', async () => {
    const [order, key] = [await world.reserved(), uuidv7()];
    const silent = provider({ charge: () => Promise.reject(new OutcomeUnknown('lost')) });
    expect(await world.pay(order, 'tok_visa', { key, payments: silent })).toEqual({ kind: 'unknown' });
    expect(await world.pay(order)).toEqual({ kind: 'in-progress' });
    await runOut(order.id);
    await expireOrders(world.dependencies());
    expect((await world.load(order.id)).status).toBe('RESERVED');
    expect(await world.pay(order, 'tok_visa', { key })).toEqual({ kind: 'unknown' }); // after the time limit, the charge is only looked up
    await world.timePasses(order.id);
    await settle();
    expect(await world.load(order.id)).toMatchObject({
      status: 'RESERVED',
      payments: [{ status: 'FAILED', failureReason: 'The provider was not reached in time.' }],
    });
    await expireOrders(world.dependencies());
    expect((await world.load(order.id)).status).toBe('EXPIRED');
    expect(await world.eventsOf(order.id)).toEqual(['payment.processed FAILED', 'order.updated EXPIRED']);
  });
});

describe('a process that is paused between the record and the charge', () => {
  /** A provider that lets time pass before it charges with the agreed time limit. */
  const frozen = (meanwhile: (orderId: string) => Promise<unknown>, orderId: string) =>
    provider({
      charge: async (request) => {
        await meanwhile(orderId);
        const { chargeUntil: notAfter } = await world.database.client.payment.findUniqueOrThrow({
          where: { id: request.key },
        });
        return world.provider.charge({ ...request, notAfter });
      },
    });

  test('charges nothing after its attempt was settled as failed', async () => {
    const order = await world.reserved();
    const payments = frozen(async (id) => {
      await world.timePasses(id);
      await settle();
      expect((await world.load(id)).payments).toMatchObject([{ status: 'FAILED' }]);
    }, order.id);
    expect(await world.pay(order, 'tok_visa', { payments })).toEqual({ kind: 'not-charged' });
    const row = await world.load(order.id);
    expect(row).toMatchObject({ status: 'RESERVED', payments: [{ status: 'FAILED' }] });
    expect(await world.charges(row.payments.map(({ id }) => id))).toEqual([]);
    expect(await world.pay(order)).toMatchObject({ kind: 'paid' });
  });

  test('does not undo a payment by a retry with its key', async () => {
    const [order, key] = [await world.reserved(), uuidv7()];
    const past = new Date(Date.now() - 60_000);
    const payments = provider({
      charge: async (request) => {
        await world.timePasses(order.id);
        await settle();
        expect(await world.pay(order, 'tok_visa', { key })).toMatchObject({ kind: 'paid' });
        return world.provider.charge({ ...request, notAfter: past });
      },
    });
    expect(await world.pay(order, 'tok_visa', { key, payments })).toMatchObject({ kind: 'paid' });
    expect(await world.eventsOf(order.id)).toEqual([
      'payment.processed FAILED',
      'order.updated PAID',
      'payment.processed SUCCEEDED',
    ]);
  });

  test('does not settle a newer try with its own “not charged”', async () => {
    const [order, key] = [await world.reserved(), uuidv7()];
    const lost = provider({ charge: () => Promise.reject(new OutcomeUnknown('lost')) });
    const payments = provider({
      charge: async () => {
        await world.timePasses(order.id);
        await settle();
        expect(await world.pay(order, 'tok_visa', { key, payments: lost })).toEqual({ kind: 'unknown' });
        return { kind: 'too-late' };
      },
    });
    expect(await world.pay(order, 'tok_visa', { key, payments })).toEqual({ kind: 'unknown' });
    expect((await world.load(order.id)).payments).toMatchObject([{ status: 'PENDING' }]);
  });

  test('records a capture after its attempt failed: the order is paid, or the money is refunded', async () => {
    for (const isExpired of [false, true]) {
      const order = await world.reserved();
      const payments = provider({
        charge: async (request) => {
          const answer = await world.provider.charge(request);
          // The provider does not find the charge yet, and the job settles the attempt as not charged.
          await world.timePasses(order.id);
          await settleDuePayments(world.dependencies({ payments: provider({ findCharge: async () => null }) }));
          if (isExpired) {
            await runOut(order.id);
            await expireOrders(world.dependencies());
          }
          return answer;
        },
      });
      expect(await world.pay(order, 'tok_visa', { payments })).toMatchObject(
        isExpired ? { kind: 'invalid-transition', from: 'EXPIRED' } : { kind: 'paid' },
      );
      expect((await world.load(order.id)).payments).toMatchObject([{ status: isExpired ? 'REFUNDED' : 'SUCCEEDED' }]);
    }
  });
});
