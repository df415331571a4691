import type { Logger } from '@shop/process';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { expireOrders } from '../use-cases/expire-orders.ts';
import { startTimer, type Timer } from './start-timer.ts';

/** Expires reservations that ran out, within about a second. Any number of replicas may, and share the work. */
export function startExpiry(
  dependencies: Pick<Dependencies, 'database' | 'now'>,
  logger: Logger,
  everyMs = 1_000,
): Timer {
  return startTimer({
    name: 'expiring orders',
    everyMs,
    logger,
    work: async (signal) => {
      while (!signal.aborted && (await expireOrders(dependencies)) > 0);
    },
  });
}
