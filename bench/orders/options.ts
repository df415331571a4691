import { parseArgs } from 'node:util';

/** The kinds of basket. */
export const BASKETS = ['many products', 'one product'] as const;
export type Basket = (typeof BASKETS)[number];

export interface OrdersOptions {
  /** Numbers of concurrent clients, ascending. */
  readonly clients: readonly number[];
  /** Measured seconds for each number of clients with each basket, without the wait for RESERVED. */
  readonly seconds: number;
  readonly baskets: readonly Basket[];
  readonly isAtRest: boolean;
  /** True for the whole benchmark. Only its results are written into the documentation. */
  readonly isComplete: boolean;
}

const COMPLETE = { clients: [1, 16, 64], seconds: 6 } as const;

/** Reads `--clients 1,16`, `--seconds 1` and `--only rest,many`. @throws Error that explains the invalid option */
export function readOptions(args: readonly string[]): OrdersOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { clients: { type: 'string' }, seconds: { type: 'string' }, only: { type: 'string' } },
  });
  const clients =
    values.clients
      ?.split(',')
      .map(Number)
      .sort((a, b) => a - b) ?? COMPLETE.clients;
  const seconds = Number(values.seconds ?? COMPLETE.seconds);
  if (!clients.every((count) => Number.isInteger(count) && count >= 1 && count <= 256)) {
    throw new Error('--clients takes numbers from 1 to 256, separated by commas.');
  }
  if (!(seconds > 0 && seconds <= 60)) throw new Error('--seconds takes a number above 0, 60 at most.');
  const isWanted = (name: string): boolean => values.only?.split(',').some((part) => name.includes(part)) ?? true;
  const baskets = BASKETS.filter(isWanted);
  const isAtRest = isWanted('at rest');
  if (baskets.length === 0 && !isAtRest)
    throw new Error(`--only takes parts of these names: at rest, ${BASKETS.join(', ')}.`);
  const isComplete = values.clients === undefined && values.only === undefined && seconds >= COMPLETE.seconds;
  return { clients, seconds, baskets, isAtRest, isComplete };
}
