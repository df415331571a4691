import { ExpectedError } from '@shop/process';
import { runProgram } from '../../cli/src/command-line/run-program.ts';
import { createAttacksProgram } from './options.ts';
import { formatAttacks, runAttacks } from './run-attacks.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Returns the exit code. */
async function run(): Promise<number> {
  try {
    print('Starting the system in production mode …');
    const reports = await runAttacks({
      onReport: ({ name, wrong }) => print(`${wrong === null ? 'stopped' : 'NOT STOPPED'}: ${name}`),
    });
    print(`\n${formatAttacks(reports)}`);
    return reports.every(({ wrong }) => wrong === null) ? 0 : 1;
  } catch (error) {
    process.stderr.write(
      `${error instanceof ExpectedError ? error.message : ((error as Error).stack ?? String(error))}\n`,
    );
    return 1;
  }
}

let outcome = 0;
const program = createAttacksProgram(async () => void (outcome = await run()));
process.exitCode = (await runProgram(program, process.argv.slice(2))) || outcome;
