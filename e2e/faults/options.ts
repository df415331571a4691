import { parseArgs } from 'node:util';
import { plantNames, type PlantName } from './plant.ts';

export interface FaultOptions {
  /** The duration of the load under faults, in seconds. */
  readonly seconds: number;
  /** The seed of all random decisions. */
  readonly seed: number;
  /** The stock of the scarce product. */
  readonly units: number;
  /** The number of concurrent customers. */
  readonly workers: number;
  /** A defect to plant, which the checks must find. */
  readonly plant: PlantName | null;
}

export const USAGE = `Sells a scarce product to many customers while parts of the system are killed and frozen,
then proves that all adds up.

  npm run test:faults [-- OPTIONS]

  --seconds N   how long, 5 to 250; default 230
  --seed S      repeats a run's faults and journeys; default: a new one
  --units U     how many there are of the scarce product; default 100
  --workers W   journeys side by side; default 24
  --plant NAME  plants a defect, and fails unless the checks find it: ${plantNames.join(', ')}`;

/** @throws Error that explains the invalid option */
export function readOptions(args: readonly string[], newSeed: () => number): FaultOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { seconds: text, seed: text, units: text, workers: text, plant: text },
  });
  const whole = (
    name: 'seconds' | 'seed' | 'units' | 'workers',
    fallback: () => number,
    from: number,
    to: number,
  ): number => {
    const given = values[name];
    const value = given === undefined ? fallback() : Number(given);
    if (!Number.isInteger(value) || value < from || value > to)
      throw new Error(`--${name} takes a whole number from ${from} to ${to}.`);
    return value;
  };
  const plant = values.plant ?? null;
  if (plant !== null && !isPlant(plant)) throw new Error(`--plant takes one of ${plantNames.join(', ')}.`);
  return {
    seconds: whole('seconds', () => 230, 5, 250),
    seed: whole('seed', newSeed, 0, 2 ** 32 - 1),
    units: whole('units', () => 100, 1, 10_000),
    workers: whole('workers', () => 24, 1, 64),
    plant,
  };
}

function isPlant(name: string): name is PlantName {
  return plantNames.some((known) => known === name);
}
