import { replayHistory } from '../../subgraphs/order/src/domain/replay-history.ts';
import type { OrderStatus } from '../../subgraphs/order/src/domain/order-status.ts';
import { isCaptured, paidTheOrder } from '../../subgraphs/order/src/domain/payment.ts';
import { INITIAL_STOCK, type World } from './world.ts';

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);
const holding: readonly OrderStatus[] = ['RESERVED', 'PAID', 'PROCESSING'];
const gone: readonly OrderStatus[] = ['SHIPPED', 'DELIVERED'];
const paid: readonly OrderStatus[] = ['PAID', 'PROCESSING', ...gone];

function require(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(what);
}

const takenBy = (world: World, paymentId: string) => {
  const charge = world.charges.get(paymentId);
  return charge?.outcome === 'captured' ? charge.amountMinor : 0;
};
const givenBackOf = (world: World, paymentId: string) =>
  sum(
    [...world.refunds.values()]
      .filter(({ chargeKey }) => chargeKey === paymentId)
      .map(({ amountMinor }) => amountMinor),
  );

/** The invariants after every command. */
export function checkAlways(world: World): void {
  for (const [id, order] of world.orders) {
    const { status, statusReason, reservedUntil, trackingNumber, version, updatedAt } = order;
    const replayed = JSON.stringify(replayHistory(world.histories.get(id) ?? []));
    require(replayed ===
      JSON.stringify({
        status,
        statusReason,
        reservedUntil,
        trackingNumber,
        version,
        updatedAt,
      }), `the history of ${id} replays to ${replayed}`);
    require((status === 'RESERVED') ===
      (reservedUntil !== null), `${id} is ${status} until ${reservedUntil?.toISOString()}`);
    require(world.paymentsOf(id).filter((payment) => payment.status === 'PENDING').length <=
      1, `${id} has two payments under way`);
    const units = sum(order.lines.map(({ quantity }) => quantity));
    const held = world.held.get(id) ?? 0;
    require(held === 0 || held === units, `${held} units are held for ${id}, which has ${units}`);
  }
  for (const { onHand, reserved } of world.stocks.values())
    require(reserved >= 0 && reserved <= onHand, `${reserved} of ${onHand} are reserved`);
  for (const { id, amountMinor, refundedMinor, refundingMinor } of world.payments.values()) {
    require(givenBackOf(world, id) <= takenBy(world, id), `more of ${id} is given back than was captured`);
    require(refundedMinor + refundingMinor <= amountMinor, `more of ${id} is to be given back than was captured`);
  }
}

/** The invariants once no work is in progress. */
export function checkAtRest(world: World): void {
  checkAlways(world);
  let shippedUnits = 0;
  for (const [id, { status, lines, totalMinor }] of world.orders) {
    const units = sum(lines.map(({ quantity }) => quantity));
    require(status !== 'PENDING', `${id} is still PENDING`);
    require((world.held.get(id) ?? 0) ===
      (holding.includes(status) ? units : 0), `${world.held.get(id)} units are held for ${id}, which is ${status}`);
    require(gone.includes(status) ===
      (world.reservations.get(id)?.status === 'COMMITTED'), `the stock of ${id}, which is ${status}, is wrong`);
    if (gone.includes(status)) shippedUnits += units;

    const payments = world.paymentsOf(id);
    const kept = sum(payments.map((payment) => takenBy(world, payment.id) - givenBackOf(world, payment.id)));
    const forIt = payments.filter(paidTheOrder);
    if (paid.includes(status)) {
      require(forIt.length === 1 &&
        forIt[0]?.amountMinor === totalMinor, `${id} is ${status} by ${forIt.length} payments`);
      require(kept === totalMinor - (forIt[0]?.refundedMinor ?? 0), `of ${id} is kept ${kept}`);
    } else {
      require(kept === 0, `${kept} is kept of ${id}, which is ${status}`);
    }
    for (const payment of payments) {
      require(payment.status !== 'PENDING', `${payment.id} is still PENDING`);
      require(isCaptured(payment) ===
        takenBy(world, payment.id) >
          0, `${payment.id} is ${payment.status}, the provider took ${takenBy(world, payment.id)}`);
      require(payment.refundedMinor === givenBackOf(world, payment.id) &&
        payment.refundingMinor === 0, `of ${payment.id} another sum was given back`);
    }
  }
  const stocks = [...world.stocks.values()];
  require(sum(stocks.map(({ reserved }) => reserved)) ===
    sum(world.held.values()), 'other units are reserved than are held');
  require(sum(stocks.map(({ onHand }) => onHand)) ===
    stocks.length * INITIAL_STOCK - shippedUnits, 'other units have left than were shipped');
}
