import type { Order } from './order.ts';
import type { OrderStatus } from './order-status.ts';
import { admitPayment, settlePayment, type Payment, type PaymentStatus } from './payment.ts';
import { decideRefund, everythingLeft, computeRefundable, addMadeRefund, addPendingRefund } from './refund.ts';

const statuses: PaymentStatus[] = ['PENDING', 'FAILED', 'SUCCEEDED', 'DECLINED', 'REFUNDED', 'PARTIALLY_REFUNDED'];
const orderStatuses: OrderStatus[] = [
  'PENDING',
  'RESERVED',
  'PAID',
  'PROCESSING',
  'SHIPPED',
  'DELIVERED',
  'FAILED',
  'CANCELLED',
  'EXPIRED',
];
const at = new Date(1_000);
const order = (status: OrderStatus, reservedUntil: Date | null = status === 'RESERVED' ? new Date(2_000) : null) =>
  ({ id: 'o', status, reservedUntil }) as Order;
const payment = (status: PaymentStatus, rest: Partial<Payment> = {}): Payment => ({
  id: 'p',
  orderId: 'o',
  idempotencyKey: 'k',
  fingerprint: 'f',
  status,
  amountMinor: 100,
  currencyCode: 'USD',
  refundedMinor: 0,
  refundingMinor: 0,
  method: 'card',
  failureReason: null,
  actorId: null,
  chargeUntil: new Date(5_000),
  isOver: false,
  createdAt: at,
  ...rest,
});
const wish = { idempotencyKey: 'k', fingerprint: 'f' };
const admit = (orderStatus: OrderStatus, payments: readonly Payment[], reservedUntil?: Date) =>
  admitPayment(order(orderStatus, reservedUntil), payments, wish, at);

describe('a request to pay', () => {
  test.each(orderStatuses)('for an order that is %s is charged only if the order is RESERVED', (status) => {
    expect(admit(status, [])).toEqual(
      status === 'RESERVED' ? { kind: 'charge', payment: null } : { kind: 'not-payable' },
    );
  });

  test.each(orderStatuses.flatMap((orderStatus) => statuses.map((status) => [orderStatus, status] as const)))(
    'for a %s order with a %s attempt under the same key gets the outcome of that attempt',
    (orderStatus, status) => {
      const same = payment(status);
      const isPayable = orderStatus === 'RESERVED';
      const expected = {
        PENDING: isPayable ? 'charge' : 'look-up',
        FAILED: isPayable ? 'charge' : 'not-payable',
        DECLINED: 'known',
        SUCCEEDED: 'known',
        REFUNDED: 'known',
        PARTIALLY_REFUNDED: 'known',
      }[status];
      expect(admit(orderStatus, [same])).toEqual(
        expected === 'not-payable' ? { kind: expected } : { kind: expected, payment: same },
      );
      expect(admit(orderStatus, [payment(status, { fingerprint: 'other' })])).toEqual({ kind: 'idempotency-conflict' });
    },
  );

  test.each(statuses)('looks up a %s attempt with another key only if it is PENDING', (status) => {
    const other = payment(status, { idempotencyKey: 'other' });
    expect(admit('RESERVED', [other])).toEqual(
      status === 'PENDING' ? { kind: 'look-up', payment: other } : { kind: 'charge', payment: null },
    );
  });

  test('is never charged from the millisecond in which the reservation expires', () => {
    expect(admit('RESERVED', [], at)).toEqual({ kind: 'run-out' });
    expect(admit('RESERVED', [payment('FAILED')], at)).toEqual({ kind: 'run-out' });
    expect(admit('RESERVED', [payment('PENDING')], at)).toMatchObject({ kind: 'look-up' });
    expect(admit('RESERVED', [], new Date(at.getTime() + 1))).toMatchObject({ kind: 'charge' });
  });
});

describe('an outcome', () => {
  test.each(orderStatuses.flatMap((orderStatus) => statuses.map((status) => [orderStatus, status] as const)))(
    '"captured" for a %s order and a %s attempt pays a RESERVED order, and is refunded otherwise',
    (orderStatus, status) => {
      const settlement = settlePayment(order(orderStatus), payment(status), { kind: 'captured' });
      if (['SUCCEEDED', 'REFUNDED', 'PARTIALLY_REFUNDED'].includes(status)) expect(settlement).toBeNull();
      else
        expect(settlement).toMatchObject({
          payment: { status: 'SUCCEEDED' },
          effect: orderStatus === 'RESERVED' ? 'pays' : 'goes-back',
        });
    },
  );

  test.each(statuses)('"declined" for a %s attempt counts only if it is PENDING or FAILED', (status) => {
    const settlement = settlePayment(order('RESERVED'), payment(status), { kind: 'declined', reason: 'No.' });
    if (status === 'PENDING' || status === 'FAILED')
      expect(settlement).toMatchObject({ payment: { status: 'DECLINED', failureReason: 'No.' }, effect: 'none' });
    else expect(settlement).toBeNull();
  });

  test.each(statuses)(
    '"not charged" for a %s attempt counts only if it is PENDING and the try is the latest',
    (status) => {
      const settle = (chargeUntil: Date) =>
        settlePayment(order('RESERVED'), payment(status), { kind: 'not-charged', chargeUntil, reason: 'Away.' });
      if (status === 'PENDING')
        expect(settle(new Date(5_000))).toMatchObject({
          payment: { status: 'FAILED', failureReason: 'Away.' },
          effect: 'none',
        });
      else expect(settle(new Date(5_000))).toBeNull();
      expect(settle(new Date(4_999))).toBeNull(); // an older try
    },
  );
});

describe('refunds', () => {
  test.each(statuses)('are possible for the rest of a %s payment only if it was captured', (status) => {
    const isCaptured = ['SUCCEEDED', 'REFUNDED', 'PARTIALLY_REFUNDED'].includes(status);
    expect(computeRefundable(payment(status, { refundedMinor: 20, refundingMinor: 30 }))).toBe(isCaptured ? 50 : 0);
  });

  test('allow any amount up to the rest, or all of the rest', () => {
    const payments = [
      payment('DECLINED'),
      payment('REFUNDED', { refundedMinor: 100 }),
      payment('PARTIALLY_REFUNDED', { id: 'q', refundedMinor: 40 }),
    ];
    expect(decideRefund(payments, 60)).toMatchObject({
      kind: 'refund',
      part: { payment: { id: 'q' }, amountMinor: 60 },
    });
    expect(decideRefund(payments, null)).toMatchObject({ kind: 'refund', part: { amountMinor: 60 } });
    expect(decideRefund(payments, 61)).toEqual({ kind: 'too-large', refundableMinor: 60 });
    expect(decideRefund([payment('PENDING')], null)).toEqual({ kind: 'too-large', refundableMinor: 0 });
    expect(everythingLeft(payments).map(({ amountMinor }) => amountMinor)).toEqual([60]);
  });

  test('reduce the rest when they are recorded, and change the status when they are made', () => {
    const part = { payment: payment('SUCCEEDED'), amountMinor: 30 };
    const recorded = addPendingRefund(part);
    expect([recorded.status, computeRefundable(recorded)]).toEqual(['SUCCEEDED', 70]);
    const made = addMadeRefund({ ...part, payment: recorded });
    expect(made).toMatchObject({ status: 'PARTIALLY_REFUNDED', refundedMinor: 30, refundingMinor: 0 });
    expect(addMadeRefund({ payment: { ...made, refundingMinor: 70 }, amountMinor: 70 })).toMatchObject({
      status: 'REFUNDED',
      refundedMinor: 100,
      refundingMinor: 0,
    });
  });
});
