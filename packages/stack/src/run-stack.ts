import { ConfigError, ExpectedError } from '@shop/process';
import { readConfig, readEnvironment } from './config.ts';
import { startStack } from './stack/start-stack.ts';
import type { Stack, StackOptions } from './stack/types.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * Runs the stack in this process, for a person at a terminal, until a signal stops it. Ends the process: with 0 when it
 * was stopped, with 1 when it could not start.
 *
 * @param options.env variables in addition to those of this process: settings, and variables for the services
 * @param options.inspect see {@link StackOptions}
 * @param options.onReady called when the stack is ready
 */
export async function runStack(
  options: Pick<StackOptions, 'env' | 'inspect'> & { readonly onReady?: (stack: Stack) => void } = {},
): Promise<never> {
  const { env = {}, inspect = false, onReady = () => {} } = options;
  process.stdout.on('error', () => {}); // a closed terminal must not prevent an orderly stop
  const interruption = new AbortController();
  const stopped = new Promise<void>((resolve) => interruption.signal.addEventListener('abort', () => resolve()));
  let interruptedAt: number | undefined;

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
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);

  try {
    const stack = await startStack({
      ...readConfig(readEnvironment(env)),
      inspect,
      report: print,
      signal: interruption.signal,
    });
    if (stack.mailbox !== null) print(`Mailbox, which shows every mail and delivers none: ${stack.mailbox.url}`);
    print(`GraphQL endpoint: ${stack.graphqlUrl}`);
    onReady(stack);
    await stopped;
    await stack.stop();
    print('Stopped.');
    process.exit(0);
  } catch (error) {
    if (interruptedAt === undefined) process.stderr.write(`${explain(error)}\n`);
    else print('Stopped.');
    process.exit(interruptedAt === undefined ? 1 : 0);
  }
}

function explain(error: unknown): string {
  if (error instanceof ExpectedError || error instanceof ConfigError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
