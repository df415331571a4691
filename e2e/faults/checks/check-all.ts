import { setTimeout as pause } from 'node:timers/promises';
import { reconcile } from '@shop/cli';
import type { Stack } from '@shop/stack';
import { databaseUrlsOf } from '@shop/testing';
import type { Check, Evidence } from './check.ts';
import { checkEvents } from './events.ts';
import { checkHealth } from './health.ts';
import { checkMessages } from './mails.ts';
import { checkPayments } from './payments.ts';
import { checkReads } from './reads.ts';
import { checkStock } from './stock.ts';
import { checkAnswers, checkTold } from './told.ts';

/**
 * Only a problem that lasts this long counts. Reservations keep expiring, and the consequences take a moment. Followers
 * confirm an event after 12 seconds, and after a rest up to 22, and each subgraph looks for overdue work every 10.
 */
const STAYS_MS = 30_000;
/** All checks together cost about a second of a processor. */
const PAUSE_MS = 2_000;

/** The parts of a system that the checks read. */
type Subject = Pick<Stack, 'databaseUrl' | 'replicas'>;

/** Checks everything that must be true once the system has settled. Returns a sentence for each problem. */
export async function checkAll(evidence: Evidence, stack: Subject): Promise<string[]> {
  const began = Date.now();
  const deadline = began + STAYS_MS;
  for (;;) {
    // Expiring reservations add events all the time. Those from before the checks must be confirmed.
    const wrong = await checkNow(evidence, stack, Date.now() - began);
    if (wrong.length === 0 || Date.now() > deadline) return wrong;
    await pause(PAUSE_MS);
  }
}

/** The problems at this moment. Followers may lack events that are younger than `confirmationMaxAgeMs`. */
export async function checkNow(evidence: Evidence, stack: Subject, confirmationMaxAgeMs = 0): Promise<string[]> {
  const checks: Record<string, Check> = {
    told: checkTold,
    answers: checkAnswers,
    events: checkEvents,
    stock: checkStock,
    payments: checkPayments,
    messages: checkMessages,
    reads: checkReads,
    reconcile: () => reconcileAll(stack, confirmationMaxAgeMs),
  };
  const found = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => (await check(evidence)).map((text) => `${name}: ${text}`)),
  );
  // Not beside the others: on a busy machine, their questions keep the databases from answering in time.
  const unwell = (await checkHealth(stack)).map((text) => `health: ${text}`);
  return [...found.flat(), ...unwell];
}

/** The report of `npm run reconcile`. */
async function reconcileAll(stack: Subject, confirmationMaxAgeMs: number): Promise<string[]> {
  const databaseUrls = databaseUrlsOf(stack);
  const { differences, warnings } = await reconcile({
    databaseUrls,
    outboxMaxAgeMs: 0,
    confirmationMaxAgeMs,
    settleMs: 0,
  });
  return [...differences.map(({ check, subject, message }) => `${check}: ${subject}: ${message}`), ...warnings];
}
