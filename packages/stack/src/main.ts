import { ConfigError, ExpectedError } from '@shop/process';
import { readConfig } from './config.ts';
import { startStack } from './stack/start-stack.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
process.stdout.on('error', () => {}); // a closed terminal must not prevent an orderly stop

const interruption = new AbortController();
let interruptedAt: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);

/** The first signal stops everything in order, a second one at once. npm forwards a Ctrl-C that the terminal also sends: ignore it. */
function interrupt(): void {
  if (interruptedAt === undefined) {
    interruptedAt = Date.now();
    print('Stopping. Press Ctrl-C again to stop at once.');
    interruption.abort();
  } else if (Date.now() - interruptedAt > 1_000) {
    process.exit(1); // this kills all child processes
  }
}

function explain(error: unknown): string {
  if (error instanceof ExpectedError || error instanceof ConfigError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  const stack = await startStack({ ...readConfig(), report: print, signal: interruption.signal });
  print(`GraphQL endpoint: ${stack.graphqlUrl}`);
  await new Promise<void>((resolve) => {
    if (interruption.signal.aborted) resolve();
    interruption.signal.addEventListener('abort', () => resolve());
  });
  await stack.stop();
  print('Stopped.');
  process.exit(0);
} catch (error) {
  if (interruptedAt === undefined) process.stderr.write(`${explain(error)}\n`);
  else print('Stopped.');
  process.exit(interruptedAt === undefined ? 1 : 0);
}
