import { startTestStack, type TestStack } from '@shop/testing';
import { createCases, type Case, type CaseName } from './cases.ts';
import { countWork, type Work } from './count-work.ts';
import { startCountingGateway } from './counting-gateway.ts';
import type { Endpoint, HttpLoad } from './http-load.ts';
import { loadCatalogue } from './load-catalogue.ts';
import type { Subject } from './measure.ts';
import { openCustomerWithOrders } from './place-orders.ts';
import { createRandom } from './random.ts';
import { startStatementLog } from './statement-log.ts';

export interface RunningSubject extends Subject {
  stop(): Promise<void>;
}

/** Starts a whole system with a catalogue of this size, and counts the work of each kind of query. */
export async function prepareSubject(size: number, only: readonly CaseName[], http: HttpLoad): Promise<RunningSubject> {
  // The gateway would answer most requests from its cache.
  const system = await startTestStack({ env: { CACHE_BYTES: '0' } });
  try {
    const random = createRandom(size);
    const started = Date.now();
    const products = await loadCatalogue(system, size);
    console.log(`  loaded in ${((Date.now() - started) / 1_000).toFixed(1)} s`);
    const accessToken = await openCustomerWithOrders(system, products, random);
    const cases = (await createCases(system.anonymous, products, random)).filter(({ name }) => only.includes(name));
    const endpointOf = ({ isSignedIn }: Case): Endpoint => ({
      url: system.stack.graphqlUrl,
      ...(isSignedIn ? { accessToken } : {}),
    });
    const work = await countAll(system, cases, endpointOf, http);
    return { size, cases, work, endpointOf, stop: system.stop };
  } catch (error) {
    await system.stop();
    throw error;
  }
}

async function countAll(
  system: TestStack,
  cases: readonly Case[],
  endpointOf: Subject['endpointOf'],
  http: HttpLoad,
): Promise<Map<string, Work>> {
  const gateway = await startCountingGateway(system);
  try {
    const log = await startStatementLog(system);
    try {
      const work = new Map<string, Work>();
      for (const one of cases)
        work.set(one.name, await countWork(one, { http, endpoint: endpointOf(one), gateway, log }));
      return work;
    } finally {
      await log.stop();
    }
  } finally {
    await gateway.stop();
  }
}
