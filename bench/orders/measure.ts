import { median } from '../results/statistics.ts';
import { carryOrders, type Carriage, type Subject } from './carry.ts';
import type { Basket, OrdersOptions } from './options.ts';
import type { Scene } from './scene.ts';

const ROUNDS = 3;
/** Of each kind of basket. Some thousand orders: until then a tenth of the CPU time is the compiler's. */
const WARM_UP_MS = 8_000;

/**
 * The results of some clients with one kind of order: medians of the rounds. Rates are per second, durations in
 * milliseconds.
 */
export interface Measurement {
  readonly label: string;
  readonly clients: number;
  readonly placedRate: number;
  readonly placing: { readonly p50: number; readonly p99: number };
  /** Orders per second, from the first request until the last order was RESERVED. */
  readonly carriedRate: number;
  readonly reserved: { readonly p50: number; readonly p99: number };
  readonly publishedRate: number;
  readonly receivedRate: number;
  /** CPU milliseconds per order. */
  readonly cpu: ReadonlyMap<string, number>;
}

interface Cell {
  readonly label: string;
  readonly basket: Basket;
  readonly clients: number;
  readonly rounds: Carriage[];
}

/**
 * Each kind runs once in each round, so that other load on the machine affects all of them equally. The kind without messages has rounds of
 * its own at the end: a service that has just started would compile its code in the rounds of the others.
 */
export async function measure(
  subject: Subject,
  { productIds }: Scene,
  { clients, baskets, seconds, isWithoutMessages }: OrdersOptions,
  onRound: (name: string) => void,
): Promise<Measurement[]> {
  const most = Math.max(...clients);
  const carry = (basket: Basket, count: number, milliseconds: number): Promise<Carriage> =>
    carryOrders(subject, { productIds: productIds[basket], clients: count, milliseconds });
  const runRounds = async (cells: readonly Cell[], name: string): Promise<void> => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      onRound(`Round ${round} of ${ROUNDS}${name}`);
      for (const { basket, clients: count, rounds } of cells)
        rounds.push(await carry(basket, count, (seconds * 1_000) / ROUNDS));
    }
  };

  const ordinary = baskets.flatMap((basket) =>
    clients.map((count): Cell => ({ label: basket, basket, clients: count, rounds: [] })),
  );
  const withoutMessages: Cell[] = isWithoutMessages
    ? [{ label: 'without messages', basket: 'many products', clients: most, rounds: [] }]
    : [];
  onRound('Warming up');
  for (const basket of new Set([...ordinary, ...withoutMessages].map((cell) => cell.basket)))
    await carry(basket, most, WARM_UP_MS);
  await runRounds(ordinary, '');
  if (withoutMessages.length > 0) {
    await subject.stack.service('notification').stop();
    await runRounds(withoutMessages, ' without messages');
  }
  return [...ordinary, ...withoutMessages].map(summarise);
}

function summarise({ label, clients, rounds }: Cell): Measurement {
  const of = (value: (round: Carriage) => number): number => median(rounds.map(value));
  const rate = (value: (round: Carriage) => number): number =>
    of((round) => (value(round) * 1_000) / round.milliseconds);
  const processes = [...(rounds[0]?.cpu.keys() ?? [])];
  return {
    label,
    clients,
    placedRate: of(({ placing }) => (placing.placed * 1_000) / placing.milliseconds),
    placing: { p50: of(({ placing }) => placing.p50), p99: of(({ placing }) => placing.p99) },
    carriedRate: rate(({ placing }) => placing.placed),
    reserved: { p50: of(({ carried }) => carried.p50), p99: of(({ carried }) => carried.p99) },
    publishedRate: rate(({ published }) => published),
    receivedRate: rate(({ received }) => received),
    cpu: new Map(processes.map((name) => [name, of(({ cpu }) => cpu.get(name) ?? 0)])),
  };
}
