import { randomInt } from 'node:crypto';
import { runProgram } from '../../cli/src/command-line/run-program.ts';
import { createFaultsProgram, type FaultOptions } from './options.ts';
import { isFound } from './plant.ts';
import { type FaultReport, runFaults } from './run-faults.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Prints the result of a run. Returns true when it is the expected result. */
function conclude(
  { wrong, faults, repeated, orders, answers, reads, writes, logs }: FaultReport,
  { seed, seconds, replicas, plant }: FaultOptions,
): boolean {
  const kinds = [...answers].map(([kind, count]) => `${count} ${kind}`);
  print(`${orders} orders accepted, ${faults} faults, ${repeated} messages repeated; answers: ${kinds.join(', ')}`);
  print(`${reads} reads of products, which ${writes} changes and the orders made different`);
  for (const complaint of wrong) print(`seed ${seed}: ${complaint}`);
  if (plant !== null) {
    const found = isFound(plant, wrong);
    print(`seed ${seed}: the checks have ${found ? 'found' : 'NOT found'} what ${plant} does.`);
    return found;
  }
  const repeat = `npm run test:faults -- --seed ${seed} --seconds ${seconds} --replicas ${replicas}`;
  print(wrong.length === 0 ? 'All adds up.' : `${wrong.length} things are wrong. Logs: ${logs}. To repeat: ${repeat}`);
  return wrong.length === 0;
}

async function run(options: FaultOptions): Promise<boolean> {
  const { seed, seconds, units, workers, replicas, plant } = options;
  const planted = plant === null ? '' : `, planted: ${plant}`;
  print(`seed ${seed}: ${seconds} s, ${units} units, ${workers} workers, ${replicas} replicas${planted}`);
  try {
    return conclude(await runFaults(options, print), options);
  } catch (error) {
    process.stderr.write(`seed ${seed}: ${(error as Error).stack ?? String(error)}\n`);
    return false;
  }
}

let isAsExpected = true;
const program = createFaultsProgram(
  () => randomInt(2 ** 32 - 1),
  async (options) => void (isAsExpected = await run(options)),
);
process.exitCode = (await runProgram(program, process.argv.slice(2))) || (isAsExpected ? 0 : 1);
