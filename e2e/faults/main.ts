import { randomInt } from 'node:crypto';
import { type FaultOptions, readOptions, USAGE } from './options.ts';
import { isFound } from './plant.ts';
import { type FaultReport, runFaults } from './run-faults.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Prints the result of a run. Returns true when it is the expected result. */
function conclude(
  { wrong, faults, repeated, orders, answers, logs }: FaultReport,
  { seed, plant }: FaultOptions,
): boolean {
  const kinds = [...answers].map(([kind, count]) => `${count} ${kind}`);
  print(`${orders} orders accepted, ${faults} faults, ${repeated} messages repeated; answers: ${kinds.join(', ')}`);
  for (const complaint of wrong) print(`seed ${seed}: ${complaint}`);
  if (plant !== null) {
    const found = isFound(plant, wrong);
    print(`seed ${seed}: the checks have ${found ? 'found' : 'NOT found'} what ${plant} does.`);
    return found;
  }
  print(
    wrong.length === 0
      ? 'All adds up.'
      : `${wrong.length} things are wrong. Logs: ${logs}. To repeat: npm run test:faults -- --seed ${seed}`,
  );
  return wrong.length === 0;
}

async function run(args: readonly string[]): Promise<boolean> {
  const options = readOptions(args, () => randomInt(2 ** 32 - 1));
  const { seed, seconds, units, workers, plant } = options;
  print(`seed ${seed}: ${seconds} s, ${units} units, ${workers} workers${plant === null ? '' : `, planted: ${plant}`}`);
  try {
    return conclude(await runFaults(options, print), options);
  } catch (error) {
    process.stderr.write(`seed ${seed}: ${(error as Error).stack ?? String(error)}\n`);
    return false;
  }
}

const args = process.argv.slice(2);
if (args.includes('--help')) {
  print(USAGE);
} else {
  try {
    process.exitCode = (await run(args)) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`); // an option is invalid
    process.exitCode = 2;
  }
}
