import { median } from '../results/statistics.ts';
import { carryOrders, type Carriage, type Subject } from './carry.ts';
import type { Basket, OrdersOptions } from './options.ts';
import type { Scene } from './scene.ts';

const ROUNDS = 3;
const WARM_UP_MS = 3_000;

/**
 * The results of some clients with one kind of basket: medians of the rounds. Rates are per second, durations in
 * milliseconds.
 */
export interface Measurement {
  readonly basket: Basket;
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

/** Each kind runs once in each round, so that other load on the machine affects all of them equally. */
export async function measure(
  subject: Subject,
  { productIds }: Scene,
  { clients, baskets, seconds }: OrdersOptions,
  onRound: (round: number, of: number) => void,
): Promise<Measurement[]> {
  const cells = baskets.flatMap((basket) =>
    clients.map((count) => ({ basket, clients: count, rounds: [] as Carriage[] })),
  );
  onRound(0, ROUNDS);
  for (const basket of baskets) {
    await carryOrders(subject, {
      productIds: productIds[basket],
      clients: Math.max(...clients),
      milliseconds: WARM_UP_MS / baskets.length,
    });
  }
  for (let round = 1; round <= ROUNDS; round += 1) {
    onRound(round, ROUNDS);
    for (const cell of cells) {
      cell.rounds.push(
        await carryOrders(subject, {
          productIds: productIds[cell.basket],
          clients: cell.clients,
          milliseconds: (seconds * 1_000) / ROUNDS,
        }),
      );
    }
  }
  return cells.map(({ basket, clients: count, rounds }) => {
    const of = (value: (round: Carriage) => number): number => median(rounds.map(value));
    const rate = (value: (round: Carriage) => number): number =>
      of((round) => (value(round) * 1_000) / round.milliseconds);
    const processes = [...(rounds[0]?.cpu.keys() ?? [])];
    return {
      basket,
      clients: count,
      placedRate: of(({ placing }) => (placing.placed * 1_000) / placing.milliseconds),
      placing: { p50: of(({ placing }) => placing.p50), p99: of(({ placing }) => placing.p99) },
      carriedRate: rate(({ placing }) => placing.placed),
      reserved: { p50: of(({ carried }) => carried.p50), p99: of(({ carried }) => carried.p99) },
      publishedRate: rate(({ published }) => published),
      receivedRate: rate(({ received }) => received),
      cpu: new Map(processes.map((name) => [name, of(({ cpu }) => cpu.get(name) ?? 0)])),
    };
  });
}
