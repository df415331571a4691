import { randomInt } from 'node:crypto';
import { chooseSize } from '@shop/testing/config';
import { isFound, plantNames } from './faults/plant.ts';
import { runFaults } from './faults/run-faults.ts';

// Another seed each time. A failure prints the seed and what happened when.
const options = () => ({
  seconds: chooseSize({ short: 20, long: 230 }),
  seed: randomInt(2 ** 32 - 1),
  units: 100,
  workers: 10,
  plant: null,
});

test('whatever is killed or frozen: nothing is lost, nothing happens twice, and every unit is sold once', async () => {
  const { seed, ...rest } = options();
  const lines: string[] = [];
  const { wrong, faults, repeated, logs } = await runFaults({ seed, ...rest }, (line) => lines.push(line));
  if (wrong.length > 0)
    throw new Error(
      [`npm run test:faults -- --seed ${seed} --seconds ${rest.seconds}; logs: ${logs}`, ...wrong, ...lines].join('\n'),
    );
  expect(faults).toBeGreaterThan(5);
  expect(repeated).toBeGreaterThan(0);
}, 600_000);

test.each(plantNames)(
  'the checks find what %s does',
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
