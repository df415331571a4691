import { randomInt } from 'node:crypto';
import { ExpectedError } from '@shop/process';
import { runProgram } from '../../cli/src/command-line/run-program.ts';
import { useNatsServer } from './config.ts';
import { whyNoDisk } from './disk.ts';
import { createPowerCutProgram, type PowerCutOptions } from './options.ts';
import { formatCut, formatTable } from './report.ts';
import { runCuts } from './run-cuts.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Returns the exit code. */
async function run(options: PowerCutOptions): Promise<number> {
  const reason = await whyNoDisk();
  if (reason !== null) {
    print(`Skipped: ${reason}.`);
    return 0;
  }
  if (options.nats !== null) useNatsServer(options.nats);
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (!interruption.signal.aborted) print('Stopping …');
      interruption.abort();
    });
  const { seed, cuts, damage } = options;
  print(`seed ${seed}: ${cuts} power cuts, damage: ${damage}`);
  try {
    const reports = await runCuts(options, {
      signal: interruption.signal,
      onCut: (report) => print(formatCut(report)),
    });
    print(formatTable(reports));
    return reports.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
  } catch (error) {
    if (interruption.signal.aborted) return 130;
    const text = error instanceof ExpectedError ? error.message : ((error as Error).stack ?? String(error));
    process.stderr.write(`seed ${seed}: ${text}\n`);
    return 1;
  }
}

let outcome = 0;
const program = createPowerCutProgram(
  () => randomInt(2 ** 32 - 1),
  async (options) => void (outcome = await run(options)),
);
process.exitCode = (await runProgram(program, process.argv.slice(2))) || outcome;
