import { ExpectedError } from '@shop/process';
import { assembleStack } from './assemble.ts';
import { createStopOrder } from './stop-order.ts';
import type { Stack, StackOptions } from './types.ts';

/**
 * Starts the whole system as `npm start` does: PostgreSQL and NATS unless yours are given, migrations, first data, the three
 * subgraphs and the gateway, each a process of its own that is started again when it dies. Returns when all of it is ready.
 *
 * Needs the built programs in `<root>/dist`.
 *
 * @throws ExpectedError with a sentence that says what to do; then nothing is left running. The same when `signal` is aborted.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const stopOrder = createStopOrder();
  try {
    return await Promise.race([assembleStack(options, stopOrder), aborted(options.signal)]);
  } catch (error) {
    await stopOrder.stop();
    throw error;
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => reject(new ExpectedError('The start was interrupted.'));
    if (signal?.aborted) end();
    signal?.addEventListener('abort', end, { once: true });
  });
}
