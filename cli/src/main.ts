import { setMaxListeners } from 'node:events';
import { readEnvironment } from './config.ts';
import { exitCodes } from './command-line/exit-codes.ts';
import { runShop } from './command-line/run-shop.ts';
import { openTerminal } from './command-line/terminal.ts';

/** npm forwards a Ctrl-C that the terminal has also sent to this process. */
const SAME_PRESS_MS = 1_000;

const terminal = openTerminal(process.stdout, process.stderr);
const interruption = new AbortController();
// An import waits for many requests at once, and each listens to this signal.
setMaxListeners(0, interruption.signal);
let interruptedAt: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interruptedAt === undefined) {
      interruptedAt = Date.now();
      terminal.note('Stopping. Press Ctrl-C again to stop at once.');
      interruption.abort();
    } else if (Date.now() - interruptedAt > SAME_PRESS_MS) {
      terminal.finish();
      process.exit(exitCodes.interrupted);
    }
  });
}
// A reader such as `head` may close the pipe early.
process.stdout.on('error', () => process.exit(exitCodes.ok));

const code = await runShop(process.argv.slice(2), {
  terminal,
  env: readEnvironment(),
  root: process.cwd(),
  signal: interruption.signal,
});
// Not process.exitCode: after Ctrl-C a connection that hangs must not keep the process alive.
if (interruption.signal.aborted) process.exit(code);
process.exitCode = code;
