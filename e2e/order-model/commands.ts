import { decideFulfilment } from '../../subgraphs/order/src/domain/fulfilment.ts';
import { isPaid, takeStep, type OrderWithLines } from '../../subgraphs/order/src/domain/order.ts';
import { decideRefund, everythingLeft } from '../../subgraphs/order/src/domain/refund.ts';
import { decideExpiry, decideReservation } from '../../subgraphs/order/src/domain/reservation.ts';
import type { Command } from './lives.ts';
import { askProvider, beginPayment, carryOutRefund, lookUp, recordAnswer, recordRefunds } from './paying.ts';
import { handleOrderMessage } from './stock-keeping.ts';
import { products, type Message, type World } from './world.ts';

const RESERVATION_SECONDS = 60;
const PRICE = 100;

/** A random element, if there is any. */
const one = <Item>(items: Iterable<Item>, index: number): Item | undefined => {
  const list = [...items];
  return list[index % list.length];
};

export function run(world: World, what: Command): void {
  switch (what.do) {
    case 'place':
      return place(world, what.quantities);
    case 'deliver':
      return what.to === 'product'
        ? deliver(world, world.toProduct, what.pick, what.stays, handleOrderMessage)
        : deliver(world, world.toOrder, what.pick, what.stays, settle);
    case 'deliver all':
      return deliverAll(world);
    case 'time passes':
      world.clock += what.seconds * 1_000;
      return;
    case 'expire':
      return expire(world);
    case 'look up':
      return lookUpDue(world);
    case 'charge': {
      const attempt = one(world.tries, what.pick);
      if (attempt) askProvider(world, attempt, what.behaviour);
      return;
    }
    case 'record': {
      const [attempt] = world.tries.splice(what.pick % Math.max(world.tries.length, 1), 1);
      if (attempt && !what.dies) recordAnswer(world, attempt);
      return;
    }
    case 'carry out refund': {
      const id = one(world.pendingRefunds.keys(), what.pick);
      if (id) carryOutRefund(world, id, what.dies);
      return;
    }
    default: {
      const order = one(world.orders.values(), what.pick);
      if (order) runForOrder(world, order, what);
    }
  }
}

type OrderCommand = Extract<Command, { do: 'cancel' | 'pay' | 'begin payment' | 'staff' | 'refund' }>;

function runForOrder(world: World, order: OrderWithLines, what: OrderCommand): void {
  switch (what.do) {
    case 'cancel':
      return cancel(world, order);
    case 'begin payment':
      return void beginPayment(world, order.id, what.key);
    case 'pay': {
      const attempt = beginPayment(world, order.id, what.key);
      if (!attempt) return;
      world.tries.pop();
      askProvider(world, attempt, what.behaviour);
      return recordAnswer(world, attempt);
    }
    case 'staff': {
      const step = decideFulfilment(order, {
        to: what.to,
        trackingNumber: '1Z',
        note: 'note',
        actorId: 'staff',
        at: world.now,
      });
      return void world.commit(step, what.to === 'SHIPPED' ? 'shipped' : undefined);
    }
    case 'refund': {
      const step = takeStep(order, { type: 'REFUNDED', reason: 'scratched', actorId: 'staff', at: world.now });
      const decision = step && decideRefund(world.paymentsOf(order.id), what.amount);
      if (decision?.kind === 'refund') {
        recordRefunds(world, [decision.part]);
        world.commit(step);
      }
      return;
    }
    default:
      return what satisfies never;
  }
}

function place(world: World, quantities: readonly number[]): void {
  const lines = products.flatMap((productId, index) => {
    const quantity = quantities[index] ?? 0;
    return quantity > 0
      ? [{ id: productId, productId, sku: productId, name: productId, unitPriceMinor: PRICE, quantity }]
      : [];
  });
  if (lines.length === 0) return;
  const address = { recipient: null, street: '', city: '', state: null, postalCode: '', country: 'US' };
  const id = world.newId('order');
  const order: OrderWithLines = {
    id,
    number: id,
    customerId: 'customer',
    status: 'PENDING',
    statusReason: null,
    currencyCode: 'USD',
    lines,
    totalMinor: lines.reduce((sum, { quantity }) => sum + quantity * PRICE, 0),
    shippingAddress: address,
    billingAddress: address,
    version: 1,
    placedAt: world.now,
    updatedAt: world.now,
    reservedUntil: null,
    trackingNumber: null,
  };
  world.orders.set(id, order);
  world.histories.set(id, [
    {
      sequence: 1,
      type: 'PLACED',
      fromStatus: null,
      toStatus: 'PENDING',
      reason: null,
      actorId: 'customer',
      details: null,
      at: world.now,
    },
  ]);
  world.publish(order, 'created');
}

function cancel(world: World, order: OrderWithLines): void {
  const change = { type: 'CANCELLED', reason: 'no more', actorId: 'customer', at: world.now } as const;
  const isLate = world.bug === 'late cancel' && order.status === 'SHIPPED';
  const step = takeStep(isLate ? { ...order, status: 'PROCESSING' } : order, change);
  if (world.commit(step, 'released') && isPaid(order)) recordRefunds(world, everythingLeft(world.paymentsOf(order.id)));
}

type Settled = Parameters<typeof decideReservation>[1];

function settle(world: World, decision: Settled): void {
  world.commit(
    decideReservation(world.order(decision.orderId), decision, {
      at: world.now,
      reservationSeconds: RESERVATION_SECONDS,
    }),
  );
}

/** A random waiting message: out of order, and delivered again later if it stays. */
function deliver<Body>(
  world: World,
  messages: Message<Body>[],
  index: number,
  stays: boolean,
  handle: (world: World, body: Body) => void,
): void {
  const position = index % Math.max(messages.length, 1);
  const message = messages[position];
  if (!message) return;
  if (!stays) messages.splice(position, 1);
  if (world.inbox.has(message.id) && world.bug !== 'no dedup') return;
  handle(world, message.body);
  world.inbox.add(message.id);
}

function deliverAll(world: World): void {
  while (world.toProduct.length + world.toOrder.length > 0) {
    deliver(world, world.toProduct, 0, false, handleOrderMessage);
    deliver(world, world.toOrder, 0, false, settle);
  }
}

function expire(world: World): void {
  for (const order of world.orders.values()) {
    if (world.paymentsOf(order.id).some(({ status: is }) => is === 'PENDING')) continue;
    world.commit(decideExpiry(order, world.now), 'released');
  }
}

function lookUpDue(world: World): void {
  for (const { id } of world.payments.values()) {
    const payment = world.paymentById(id);
    if (payment.status === 'PENDING' && payment.isOver) lookUp(world, payment);
  }
}

/** Completes the work in progress: processes answer or have died, timers run, messages arrive. */
export function comeToRest(world: World): void {
  for (const attempt of world.tries.splice(0)) recordAnswer(world, attempt);
  world.clock += 20_000;
  lookUpDue(world);
  for (const id of [...world.pendingRefunds.keys()]) carryOutRefund(world, id, false);
  deliverAll(world);
  expire(world);
  deliverAll(world);
}
