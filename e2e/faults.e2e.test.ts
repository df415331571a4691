import { randomInt } from 'node:crypto';
import { chooseSize, isLongRun } from '@shop/testing/config';
import { isFound, plantDefect, plantNames } from './faults/plant.ts';
import { runFaults } from './faults/run-faults.ts';

// A different seed each time. A failure prints the seed and the times of all faults.
const options = () => ({
  seconds: chooseSize({ short: 9, long: 230 }),
  seed: randomInt(2 ** 32 - 1),
  units: 100,
  workers: chooseSize({ short: 4, long: 10 }),
  replicas: 1,
  plant: null,
});

/** The short form draws one of them each time. */
const firstReplicas = randomInt(1, 3);
const replicaCounts = [firstReplicas, 3 - firstReplicas].slice(0, chooseSize({ short: 1, long: 2 }));

test.each(replicaCounts)(
  'no fault loses an order, repeats an effect, or leaves a unit unsold: %i replicas',
  async (replicas) => {
    const { seed, seconds, ...rest } = options();
    const lines: string[] = [];
    const { wrong, faults, repeated, logs } = await runFaults({ ...rest, seed, seconds, replicas }, (line) =>
      lines.push(line),
    );
    if (wrong.length > 0) {
      const command = `npm run test:faults -- --seed ${seed} --seconds ${seconds} --replicas ${replicas}`;
      throw new Error([`${command}; logs: ${logs}`, ...wrong, ...lines].join('\n'));
    }
    expect(faults).toBeGreaterThan(2);
    expect(repeated).toBeGreaterThan(0);
  },
  600_000,
);

// A planted defect is a test of the checks, which broken-parts/checks.ts tests one by one. So a system with one is in the long run only.
if (isLongRun())
  test.each(plantNames)(
    'the checks find a planted defect: %s',
    async (plant) => {
      const { seed, ...rest } = options();
      const { wrong } = await runFaults({ ...rest, seed, plant, seconds: 6, units: 20 }, () => {});
      if (!isFound(plant, wrong))
        throw new Error(
          [
            `npm run test:faults -- --seed ${seed} --seconds 6 --units 20 --plant ${plant} finds nothing but:`,
            ...wrong,
          ].join('\n'),
        );
    },
    300_000,
  );

test.each(plantNames)('the system has the code that the defect %s changes', async (plant) => {
  const planted = await plantDefect(plant);
  await planted.remove();
});
