import { balancesAfter, decideReservation, decideReservations, distinctOrders, moveLines } from './reservation.ts';
import { adjust, commit, MAX_ON_HAND, release, reserve, type Stock } from './stock.ts';

const stock = (productId: string, onHand: number, reserved = 0): Stock => ({
  productId,
  onHand,
  reserved,
  sequence: 7,
});
const stocks = (...list: Stock[]) => new Map(list.map((item) => [item.productId, item]));

describe('deciding a reservation', () => {
  test('reserves all lines when all are available', () => {
    const decision = decideReservation(stocks(stock('a', 5, 2), stock('b', 1)), [
      { productId: 'a', quantity: 3 },
      { productId: 'b', quantity: 1 },
    ]);
    expect(decision).toEqual({
      kind: 'reserved',
      movements: [
        {
          type: 'RESERVED',
          onHandDelta: 0,
          reservedDelta: 3,
          after: { productId: 'a', onHand: 5, reserved: 5, sequence: 8 },
        },
        {
          type: 'RESERVED',
          onHandDelta: 0,
          reservedDelta: 1,
          after: { productId: 'b', onHand: 1, reserved: 1, sequence: 8 },
        },
      ],
    });
  });

  test('reserves nothing when a line is short or unknown, and names each such line', () => {
    const decision = decideReservation(stocks(stock('a', 5), stock('b', 3, 2)), [
      { productId: 'a', quantity: 1 },
      { productId: 'b', quantity: 2 },
      { productId: 'c', quantity: 1 },
    ]);
    expect(decision).toEqual({ kind: 'rejected', reason: 'Out of stock.', productIds: ['b', 'c'] });
  });

  test('decides orders in sequence on the remaining stock, and does not change its arguments', () => {
    const given = stocks(stock('a', 5));
    const decided = decideReservations(
      given,
      [3, 3, 2].map((quantity, n) => ({ orderId: `${n}`, lines: [{ productId: 'a', quantity }] })),
    );
    expect(decided.map(({ decision }) => decision.kind)).toEqual(['reserved', 'rejected', 'reserved']);
    expect(given.get('a')).toEqual(stock('a', 5));
  });

  test('a rejected order does not affect the orders after it', () => {
    const both = [
      { productId: 'a', quantity: 1 },
      { productId: 'b', quantity: 1 },
    ];
    const decided = decideReservations(stocks(stock('a', 1)), [
      { orderId: '1', lines: both },
      { orderId: '2', lines: both.slice(0, 1) },
    ]);
    expect(decided.map(({ decision }) => decision.kind)).toEqual(['rejected', 'reserved']);
  });

  test('decides a repeated order once, and merges its repeated products', () => {
    const line = (productId: string, quantity: number) => ({ productId, quantity });
    expect(
      distinctOrders([
        { orderId: 'AB', lines: [line('X', 1), line('y', 2), line('x', 3)] },
        { orderId: 'ab', lines: [line('x', 9)] },
      ]),
    ).toEqual([{ orderId: 'ab', lines: [line('x', 4), line('y', 2)] }]);
  });
});

describe('moving stock', () => {
  test('releasing undoes reserving', () => {
    const { after } = reserve(stock('a', 5), 3);
    expect(release(after, 3).after).toMatchObject({ onHand: 5, reserved: 0, sequence: 9 });
  });

  test('committing removes the reserved units from the stock', () => {
    expect(commit(stock('a', 5, 3), 2)).toEqual({
      type: 'COMMITTED',
      onHandDelta: -2,
      reservedDelta: -2,
      after: { productId: 'a', onHand: 3, reserved: 1, sequence: 8 },
    });
  });

  test('movements of several orders build on each other’s balances', () => {
    const order = (orderId: string, quantity: number) => ({ orderId, lines: [{ productId: 'a', quantity }] });
    const movements = moveLines(stocks(stock('a', 9, 6)), [order('1', 4), order('2', 2)], release);
    expect(movements.map(({ orderId, after }) => [orderId, after.reserved, after.sequence])).toEqual([
      ['1', 2, 8],
      ['2', 0, 9],
    ]);
    expect(balancesAfter(movements)).toEqual([{ productId: 'a', onHand: 9, reserved: 0, sequence: 9 }]);
  });

  test('an adjustment never goes below the reserved units or above the limit', () => {
    expect(adjust(stock('a', 5, 3), -2)).toMatchObject({
      kind: 'adjusted',
      movement: { after: { onHand: 3, reserved: 3 } },
    });
    expect(adjust(stock('a', 5, 3), -3)).toEqual({ kind: 'insufficient-stock', available: 2 });
    expect(adjust(stock('a', MAX_ON_HAND), 1)).toEqual({ kind: 'too-much' });
  });
});
