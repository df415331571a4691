import { setTimeout as pause } from 'node:timers/promises';
import { reconcile } from '@shop/cli';
import type { Stack } from '@shop/stack';
import { databaseUrlsOf } from '@shop/testing';
import type { Check, Evidence } from './check.ts';
import { checkEvents } from './events.ts';
import { checkPayments } from './payments.ts';
import { checkStock } from './stock.ts';
import { checkAnswers, checkTold } from './told.ts';

/** Reservations keep expiring, and the consequences take a moment. Only a problem that lasts this long counts. */
const STAYS_MS = 10_000;
const PAUSE_MS = 500;

/** Checks everything that must be true once the system has settled. Returns a sentence for each problem. */
export async function checkAll(evidence: Evidence, stack: Pick<Stack, 'databaseUrl'>): Promise<string[]> {
  const deadline = Date.now() + STAYS_MS;
  for (;;) {
    const wrong = await checkNow(evidence, stack);
    if (wrong.length === 0 || Date.now() > deadline) return wrong;
    await pause(PAUSE_MS);
  }
}

/** The problems at this moment. */
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

/** The report of `npm run reconcile`. */
async function reconcileAll(stack: Pick<Stack, 'databaseUrl'>): Promise<string[]> {
  const databaseUrls = databaseUrlsOf(stack);
  const { differences, warnings } = await reconcile({ databaseUrls, outboxMaxAgeMs: 0, settleMs: 0 });
  return [...differences.map(({ check, subject, message }) => `${check}: ${subject}: ${message}`), ...warnings];
}
