import type { Logger } from '@shop/process';
import { carryOutDueRefunds } from '../use-cases/carry-out-refunds.ts';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { settleDuePayments } from '../use-cases/settle-payments.ts';
import { startTimer, type Timer } from './start-timer.ts';

type Needs = Pick<Dependencies, 'database' | 'now' | 'payments'>;

/** Settles payments whose outcome is unknown. Any number of replicas may, and share the work. */
export function startPaymentSettler(dependencies: Needs, logger: Logger, everyMs = 1_000): Timer {
  return startTimer({
    name: 'settling payments',
    everyMs,
    logger,
    work: untilDone(() => settleDuePayments(dependencies)),
  });
}

/** Carries out refunds that were not made at once. Any number of replicas may, and share the work. */
export function startRefunder(dependencies: Needs, logger: Logger, everyMs = 1_000): Timer {
  return startTimer({
    name: 'carrying out refunds',
    everyMs,
    logger,
    work: untilDone(() => carryOutDueRefunds(dependencies)),
  });
}

function untilDone(batch: () => Promise<boolean>) {
  return async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted && (await batch()));
  };
}
