import { randomUUID } from 'node:crypto';
import { reconcile } from '@shop/cli';
import { CancelOrder, OrderPage, PayOrder, RefundOrder } from '@shop/client';
import { databaseUrlsOf, eventually, type GraphqlClient } from '@shop/testing';
import { placeOrder, untilStatus, type Shop } from '../shop.ts';

let shop: Shop;
let customer: GraphqlClient;

async function pay(orderId: string, paymentToken: string, idempotencyKey: string = randomUUID(), who = customer) {
  const { payOrder } = await who.request(PayOrder, { input: { orderId, paymentToken, idempotencyKey } });
  return payOrder;
}
async function refund(orderId: string, amount?: number) {
  const { refundOrder } = await shop.admin.request(RefundOrder, {
    input: { orderId, amount, reason: 'Scratched', idempotencyKey: randomUUID() },
  });
  return refundOrder;
}
async function reserved(): Promise<string> {
  const { order } = await placeOrder(customer, [[await shop.newProduct(), 1]]);
  await untilStatus(customer, order.id, 'RESERVED');
  return order.id;
}
const readPayments = async (id: string) => (await customer.request(OrderPage, { id })).order?.payments;

/** Payments, also while the order subgraph is killed. */
export function testPayments(openedShop: () => Shop): void {
  beforeAll(async () => {
    shop = openedShop();
    customer = await shop.newCustomer();
  });

  /** Everything adds up at the end of each scenario, once no work is in progress. */
  afterEach(async () => {
    const { stack } = shop;
    const databaseUrls = databaseUrlsOf(stack);
    await eventually(async () =>
      expect((await reconcile({ databaseUrls, settleMs: 0, pendingMaxAgeMs: 0 })).differences).toEqual([]),
    );
  });

  test('a customer pays after a declined card, staff refund a part, and cancelling refunds the rest', async () => {
    const id = await reserved();
    expect(await pay(id, 'tok_insufficient_funds')).toMatchObject({
      __typename: 'PaymentDeclined',
      payment: { status: 'DECLINED' },
    });
    expect(await pay(id, 'tok_visa', randomUUID(), await shop.newCustomer())).toMatchObject({ __typename: 'NotFound' });
    expect(await pay(id, 'tok_visa')).toMatchObject({
      __typename: 'PayOrderSuccess',
      order: { status: 'PAID' },
      payment: { amount: { amount: 1999 } },
    });
    expect(await refund(id, 500)).toMatchObject({
      __typename: 'RefundOrderSuccess',
      payment: { status: 'PARTIALLY_REFUNDED', refunded: { amount: 500 } },
    });
    expect(await refund(id, 1500)).toMatchObject({ __typename: 'RefundTooLarge', refundable: { amount: 1499 } });
    await customer.request(CancelOrder, { input: { orderId: id } });
    expect(await readPayments(id)).toMatchObject([
      { status: 'DECLINED', refunded: { amount: 0 } },
      { status: 'REFUNDED', refunded: { amount: 1999 } },
    ]);
  });

  test('an order becomes PAID after the provider’s answer is lost, even when the service is killed', async () => {
    const [calm, killed] = [await reserved(), await reserved()];
    expect(await pay(calm, 'tok_timeout')).toMatchObject({ __typename: 'PaymentProviderUnavailable' });
    await untilStatus(customer, calm, 'PAID');
    const key = randomUUID();
    expect(await pay(killed, 'tok_timeout', key)).toMatchObject({ __typename: 'PaymentProviderUnavailable' });
    shop.stack.service('order').kill('SIGKILL');
    await shop.stack.service('order').untilReady();
    await untilStatus(customer, killed, 'PAID');
    expect(await pay(killed, 'tok_timeout', key)).toMatchObject({
      __typename: 'PayOrderSuccess',
      payment: { status: 'SUCCEEDED' },
    });
    expect(await readPayments(killed)).toHaveLength(1);
  });

  test('an unavailable provider charges nothing, and the same input may be sent again', async () => {
    const [id, key] = [await reserved(), randomUUID()];
    for (let times = 0; times < 2; times += 1) {
      expect(await pay(id, 'tok_unavailable', key)).toMatchObject({
        __typename: 'PaymentProviderUnavailable',
        message: expect.stringContaining('nothing was charged'),
      });
    }
    expect(await pay(id, 'tok_visa')).toMatchObject({ __typename: 'PayOrderSuccess' });
  });
}
