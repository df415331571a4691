import { chooseSize, isLongRun } from '@shop/testing/config';
import { testHive } from '../../../test/hive-planner.ts';
import { compareBatches, compareWithModel, compareWithStock, countFallbacks } from './test/differences.ts';

/** The long form takes two minutes of processor time for each test. */
const TIMEOUT_MS = 1_200_000;

const operations = chooseSize({ short: 120, long: 8_000 });

test(
  'with consistent data, the engine answers as one schema that holds all data',
  async () => {
    expect(await compareWithModel(operations)).toEqual([]);
  },
  TIMEOUT_MS,
);

testHive(
  'with consistent data and Hive’s plans, the engine answers the same',
  async () => {
    expect(await compareWithModel(operations, 'hive')).toEqual([]);
    // Otherwise the plans would be Apollo's.
    expect(countFallbacks() / operations).toBeLessThan(0.6);
  },
  TIMEOUT_MS,
);

test(
  'with faulty subgraphs, the engine answers as stock, apart from the differences that a rule allows',
  async () => {
    const { wrong, counts } = await compareWithStock(operations);
    expect(wrong).toEqual([]);
    // A difference that stock has no more must leave the list.
    if (isLongRun()) expect([...counts].filter(([, count]) => count === 0)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'in batches, the engine answers as without them, also with faulty subgraphs',
  async () => {
    const { wrong, savings } = await compareBatches(operations);
    expect(wrong).toEqual([]);
    expect(savings).toBeGreaterThan(operations / 100);
  },
  TIMEOUT_MS,
);
