import { randomUUID } from 'node:crypto';
import {
  CancelOrder,
  expectSuccess,
  Login,
  OrderState,
  PayOrder,
  PlaceOrder,
  UpdateOrderStatus,
  type OrderStatus,
} from '@shop/client';
import { eventually, type GraphqlClient, type TestStack } from '@shop/testing';
import type { Scene } from '../orders/scene.ts';

const CLIENTS = 16;
const LINES = 2;
/** One order in ten is cancelled after its payment. The others are delivered. */
const CANCELLED_EVERY = 10;

/** Places orders of two lines and pays them. Nine of ten are delivered, the tenth is cancelled and refunded. */
export async function completeOrders({ anonymous, stack }: TestStack, scene: Scene, orders: number): Promise<void> {
  const { login } = await anonymous.request(Login, { input: stack.admin });
  const staff = anonymous.as(expectSuccess(login).tokens.accessToken);
  const products = scene.productIds['many products'];
  let next = 0;
  const work = async (client: number): Promise<void> => {
    const customer = anonymous.as(scene.accessTokens[client % scene.accessTokens.length] ?? '');
    while (next < orders) {
      const number = next++;
      const lines = Array.from(
        { length: LINES },
        (_, line) => products[(number * LINES + line) % products.length] ?? '',
      );
      await completeOrder({ customer, staff, productIds: lines, isCancelled: number % CANCELLED_EVERY === 0 });
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => work(client)));
}

interface NewOrder {
  readonly customer: GraphqlClient;
  readonly staff: GraphqlClient;
  readonly productIds: readonly string[];
  readonly isCancelled: boolean;
}

async function completeOrder({ customer, staff, productIds, isCancelled }: NewOrder): Promise<void> {
  const id = await placeOrder(customer, productIds);
  await untilReserved(customer, id);
  const { payOrder } = await customer.request(PayOrder, {
    input: { orderId: id, paymentToken: 'tok_visa', idempotencyKey: randomUUID() },
  });
  expectSuccess(payOrder);
  if (isCancelled) {
    const { cancelOrder } = await customer.request(CancelOrder, {
      input: { orderId: id, reason: 'Changed my mind.' },
    });
    expectSuccess(cancelOrder);
    return;
  }
  await setStatus(staff, { orderId: id, status: 'PROCESSING' });
  await setStatus(staff, { orderId: id, status: 'SHIPPED', trackingNumber: '1Z999AA10123456784' });
  await setStatus(staff, { orderId: id, status: 'DELIVERED' });
}

async function placeOrder(customer: GraphqlClient, productIds: readonly string[]): Promise<string> {
  const { placeOrder } = await customer.request(PlaceOrder, {
    input: {
      items: productIds.map((productId) => ({ productId, quantity: 1 })),
      shippingAddress: { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' },
      idempotencyKey: randomUUID(),
    },
  });
  return expectSuccess(placeOrder).order.id;
}

async function untilReserved(customer: GraphqlClient, id: string): Promise<void> {
  await eventually(
    async () => {
      const { order } = await customer.request(OrderState, { id });
      if (order?.status !== 'RESERVED') throw new Error(`Order ${id} is ${order?.status ?? 'missing'}, not RESERVED.`);
    },
    { timeoutMs: 60_000 },
  );
}

async function setStatus(
  staff: GraphqlClient,
  input: { readonly orderId: string; readonly status: OrderStatus; readonly trackingNumber?: string },
): Promise<void> {
  const { updateOrderStatus } = await staff.request(UpdateOrderStatus, { input });
  expectSuccess(updateOrderStatus);
}
