import { decideReservation, inLockOrder } from './reservation.ts';
import { adjust, MAX_ON_HAND, release, reserve, type Stock } from './stock.ts';

const stock = (productId: string, onHand: number, reserved = 0): Stock => ({ productId, onHand, reserved, sequence: 7 });
const stocks = (...list: Stock[]) => new Map(list.map((item) => [item.productId, item]));

describe('deciding a reservation', () => {
  test('reserves every line where each is available', () => {
    const decision = decideReservation(stocks(stock('a', 5, 2), stock('b', 1)), [
      { productId: 'a', quantity: 3 },
      { productId: 'b', quantity: 1 },
    ]);
    expect(decision).toEqual({
      kind: 'reserved',
      movements: [
        { type: 'RESERVED', onHandDelta: 0, reservedDelta: 3, after: { productId: 'a', onHand: 5, reserved: 5, sequence: 8 } },
        { type: 'RESERVED', onHandDelta: 0, reservedDelta: 1, after: { productId: 'b', onHand: 1, reserved: 1, sequence: 8 } },
      ],
    });
  });

  test('reserves nothing where one line is short or unknown, and names each such line', () => {
    const decision = decideReservation(stocks(stock('a', 5), stock('b', 3, 2)), [
      { productId: 'a', quantity: 1 },
      { productId: 'b', quantity: 2 },
      { productId: 'c', quantity: 1 },
    ]);
    expect(decision).toEqual({ kind: 'rejected', reason: 'Out of stock.', productIds: ['b', 'c'] });
  });

  test('locks in ascending product id and leaves the given order alone', () => {
    const lines = [{ productId: 'b', quantity: 1 }, { productId: 'a', quantity: 2 }];
    expect(inLockOrder(lines).map(({ productId }) => productId)).toEqual(['a', 'b']);
    expect(lines[0]?.productId).toBe('b');
  });
});

describe('moving stock', () => {
  test('releasing undoes reserving', () => {
    const { after } = reserve(stock('a', 5), 3);
    expect(release(after, 3).after).toMatchObject({ onHand: 5, reserved: 0, sequence: 9 });
  });

  test('adjusting never goes below what is reserved, nor beyond the limit', () => {
    expect(adjust(stock('a', 5, 3), -2)).toMatchObject({ kind: 'adjusted', movement: { after: { onHand: 3, reserved: 3 } } });
    expect(adjust(stock('a', 5, 3), -3)).toEqual({ kind: 'insufficient-stock', available: 2 });
    expect(adjust(stock('a', MAX_ON_HAND), 1)).toEqual({ kind: 'too-much' });
  });
});
