// @ts-check
// The program of the thread of Hive's planner. It is JavaScript, as that of Apollo's planner, and gets and answers the same.
import { parentPort, workerData } from 'node:worker_threads';
import { QueryPlanner } from '@graphql-hive/router-query-planner';
import { yieldToOthers } from './yield-to-others.js';

yieldToOthers();
const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const { supergraphSdl, timeoutMs } = /** @type {{ supergraphSdl: string, timeoutMs: number }} */ (workerData);
const planner = new QueryPlanner(supergraphSdl);

/** @type {Set<string>} No label of `@override` is active, and no percentage applies. Apollo's planner does the same. */
const noLabels = new Set();
const noPercentage = 100;

port.on('message', async (/** @type {string} */ text) => port.postMessage(await plan(text)));
port.postMessage({ isReady: true });

/**
 * A thread cannot be ended while it runs native code. So the planner plans in a thread of Node's pool, and ends at a signal.
 *
 * @param {string} text
 */
async function plan(text) {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), timeoutMs);
  try {
    const { node } = await planner.planAsync(text, undefined, noLabels, noPercentage, ending.signal);
    return { plan: JSON.stringify({ kind: 'QueryPlan', planner: 'hive', node }) };
  } catch (error) {
    if (ending.signal.aborted) return { exceeded: 'time' };
    return { refusal: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
