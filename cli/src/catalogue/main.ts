import { ConfigError } from '@shop/process';
import { Complaint } from './complaint.ts';
import { run } from './run.ts';
import { openTerminal } from './terminal/terminal.ts';

const terminal = openTerminal(process.stdout, process.stderr);
try {
  process.exitCode = await run(process.argv.slice(2), terminal);
} catch (error) {
  const isExpected = error instanceof Complaint || error instanceof ConfigError;
  terminal.finish();
  terminal.line(isExpected ? error.message : ((error as Error).stack ?? String(error)));
  process.exitCode = 1;
}
