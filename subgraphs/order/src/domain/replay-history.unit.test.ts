import { createHistoryEntry, type HistoryEntry } from './history.ts';
import { takeStep, type Order, type OrderChange } from './order.ts';
import { replayHistory } from './replay-history.ts';

const at = (second: number) => new Date(second * 1_000);
const placedEntry: HistoryEntry = {
  sequence: 1,
  type: 'PLACED',
  fromStatus: null,
  toStatus: 'PENDING',
  reason: null,
  actorId: 'c',
  details: null,
  at: at(0),
};
const pending: Order = {
  id: 'o',
  number: 'n',
  customerId: 'c',
  status: 'PENDING',
  statusReason: null,
  currencyCode: 'USD',
  totalMinor: 1,
  version: 1,
  shippingAddress: {} as Order['shippingAddress'],
  billingAddress: {} as Order['billingAddress'],
  placedAt: at(0),
  updatedAt: at(0),
  reservedUntil: null,
  trackingNumber: null,
};
/** Returns an order after these changes, and its history. */
function after(...changes: OrderChange[]) {
  const history = [placedEntry];
  let order = pending;
  for (const change of changes) {
    const step = takeStep(order, change);
    if (!step) throw new Error(`${change.type} is not possible`);
    // The form in which the database returns it.
    history.push({
      ...createHistoryEntry(step),
      details: JSON.parse(JSON.stringify(createHistoryEntry(step).details)),
    });
    order = step.order;
  }
  return { order, history };
}
const cause = (second: number, reason: string | null = null) => ({ reason, actorId: 's', at: at(second) });
const reserved: OrderChange = { type: 'RESERVED', ...cause(1), reservedUntil: new Date('2026-01-01T00:00:00.123Z') };
const paid: OrderChange = { type: 'PAID', ...cause(2) };
const processing: OrderChange = { type: 'PROCESSING', ...cause(3, 'note') };
const shipped: OrderChange = { type: 'SHIPPED', ...cause(4), trackingNumber: '1Z' };

test.each([
  ['placed', []],
  ['reserved', [reserved]],
  ['failed', [{ type: 'FAILED', ...cause(1, 'Out of stock.') }]],
  ['expired', [reserved, { type: 'EXPIRED', ...cause(2, 'Not paid in time.') }]],
  ['paid and refunded', [reserved, paid, { type: 'REFUNDED', ...cause(3, 'scratched') }]],
  ['cancelled when paid', [reserved, paid, { type: 'CANCELLED', ...cause(3, 'changed my mind') }]],
  ['shipped', [reserved, paid, processing, shipped]],
  ['delivered', [reserved, paid, processing, shipped, { type: 'DELIVERED', ...cause(5) }]],
] as [string, OrderChange[]][])('replaying the history of an order that is %s gives that order', (_what, changes) => {
  const { order, history } = after(...changes);
  const { status, statusReason, reservedUntil, trackingNumber, version, updatedAt } = order;
  expect(replayHistory(history)).toEqual({ status, statusReason, reservedUntil, trackingNumber, version, updatedAt });
});

test.each([
  ['nothing', () => []],
  ['no PLACED', (history) => history.slice(1)],
  ['a gap', (history) => history.filter(({ sequence }) => sequence !== 3)],
  [
    'a move that is not made',
    (history) =>
      history
        .map((entry) => (entry.type === 'SHIPPED' ? { ...entry, type: 'CANCELLED', toStatus: 'CANCELLED' } : entry))
        .slice(0, 2)
        .concat(history.slice(4)),
  ],
  [
    'another status than it leads to',
    (history) => history.map((entry) => (entry.sequence === 3 ? { ...entry, toStatus: 'PROCESSING' } : entry)),
  ],
  [
    'an entry whose number is not the version that it leads to',
    (history) => history.map((entry) => (entry.sequence === 5 ? { ...entry, sequence: 6 } : entry)),
  ],
  ['a reservation without an end', (history) => history.map((entry) => ({ ...entry, details: null }))],
] as [string, (history: HistoryEntry[]) => HistoryEntry[]][])('rejects a history with %s', (_what, broken) => {
  expect(() => replayHistory(broken(after(reserved, paid, processing, shipped).history))).toThrow();
});
