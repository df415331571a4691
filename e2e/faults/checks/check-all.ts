import { setTimeout as pause } from 'node:timers/promises';
import { reconcile } from '@shop/cli';
import type { Stack } from '@shop/stack';
import type { Check, Evidence } from './check.ts';
import { checkEvents } from './events.ts';
import { checkPayments } from './payments.ts';
import { checkStock } from './stock.ts';
import { checkAnswers, checkTold } from './told.ts';

/** Reservations go on running out, and what follows from that takes a moment: only what stays wrong for so long is wrong. */
const STAYS_MS = 10_000;
const PAUSE_MS = 500;

/** Everything that must be so when nothing is on its way any more. Returns a sentence for each thing that is not. */
export async function checkAll(evidence: Evidence, stack: Pick<Stack, 'databaseUrl'>): Promise<string[]> {
  const deadline = Date.now() + STAYS_MS;
  for (;;) {
    const wrong = await checkNow(evidence, stack);
    if (wrong.length === 0 || Date.now() > deadline) return wrong;
    await pause(PAUSE_MS);
  }
}

/** What is wrong at this moment. */
export async function checkNow(evidence: Evidence, stack: Pick<Stack, 'databaseUrl'>): Promise<string[]> {
  const checks: Record<string, Check> = {
    told: checkTold,
    answers: checkAnswers,
    events: checkEvents,
    stock: checkStock,
    payments: checkPayments,
    reconcile: () => reconcileAll(stack),
  };
  const found = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => (await check(evidence)).map((text) => `${name}: ${text}`)),
  );
  return found.flat();
}

/** What `npm run reconcile` would say. */
async function reconcileAll(stack: Pick<Stack, 'databaseUrl'>): Promise<string[]> {
  const databaseUrls = {
    user: stack.databaseUrl('user'),
    product: stack.databaseUrl('product'),
    order: stack.databaseUrl('order'),
  };
  const { differences, warnings } = await reconcile({ databaseUrls, outboxMaxAgeMs: 0, settleMs: 0 });
  return [...differences.map(({ check, subject, message }) => `${check}: ${subject}: ${message}`), ...warnings];
}
