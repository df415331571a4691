import { setTimeout as pause } from 'node:timers/promises';
import { createRandom, type Random } from '@shop/testing';
import { place } from './buying.ts';
import { makeJourney, rush } from './customer-journey.ts';
import { giveBack, workOff } from './staff.ts';
import type { ShopFloor } from './shop-floor.ts';

/** Customers and staff at work. */
export interface Load {
  /**
   * Starts no more work, and resolves when all started requests are answered. Rejects with the first request that was
   * given up.
   */
  finish(): Promise<void>;
}

/** Starts the customers and staff. Each has its own random numbers, so that a seed repeats their decisions. */
export function startLoad(floor: ShopFloor, { seed, workers }: { seed: number; workers: number }): Load {
  let isOver = false;
  const failures: unknown[] = [];
  const repeat = async (index: number, pauseMs: number, work: (random: Random) => Promise<void>): Promise<void> => {
    const random = createRandom(seed + index);
    while (!isOver) {
      await work(random).catch((error: unknown) => void failures.push(error));
      await pause(random.below(pauseMs));
    }
  };
  const shoppers = Array.from({ length: workers }, (_, index) => {
    const customer = floor.customers[index % floor.customers.length] as ShopFloor['customers'][number];
    const work = index % 4 === 3 ? rush : makeJourney;
    return repeat(index + 1, 200, (random) => work(floor, customer, random));
  });
  const all = [
    ...shoppers,
    repeat(101, 300, (random) => workOff(floor, random)),
    repeat(102, 400, (random) => giveBack(floor, random)),
  ];
  return {
    async finish() {
      isOver = true;
      await Promise.all(all);
      if (failures.length > 0) throw failures[0];
    },
  };
}

const BUYERS = 4;
const MOST_UNITS = 1_000;

/**
 * Keeps ordering the scarce product until its stock is 0, so that the units which were returned last are sold as well.
 */
export async function keepDemanding(floor: ShopFloor, random: Random, unitsLeft: () => number): Promise<void> {
  const buy = async (): Promise<void> => {
    while (unitsLeft() > 0) {
      const quantity = Math.min(MOST_UNITS, Math.ceil(unitsLeft() / BUYERS / 2));
      await place(floor, random.pick(floor.customers), [{ productId: floor.scarce, quantity }], random);
      await pause(250);
    }
  };
  await Promise.all(Array.from({ length: BUYERS }, buy));
}
