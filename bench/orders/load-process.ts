// The clients of `npm run bench -- orders`. They run in their own process, so that their CPU time is not counted as the
// system's.
import { Pool } from 'undici';
import { answerOrders } from '../answer-orders.ts';
import { quantile } from '../results/statistics.ts';
import type { LoadOrder, LoadResult } from './load.ts';
import { bodyOf } from './place-order.ts';
import { send } from './send.ts';

answerOrders(run);

async function run({
  origin,
  accessTokens,
  productIds,
  clients,
  milliseconds,
  keyPrefix,
}: LoadOrder): Promise<LoadResult> {
  const pool = new Pool(origin, { connections: clients, pipelining: 1 });
  const bodies = productIds.map(bodyOf);
  const headers = accessTokens.map((token) => ({
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
  }));
  const latencies: number[] = [];
  let next = 0;
  const startedAt = Date.now();
  const started = performance.now();
  const client = async (index: number): Promise<void> => {
    const own = headers[index % headers.length] ?? {};
    while (performance.now() - started < milliseconds) {
      const number = next++;
      const [before, after] = bodies[number % bodies.length] ?? ['', ''];
      const sent = performance.now();
      const body = `${before}${keyPrefix}${number}${after}`;
      const { text: answer } = await send(pool, { path: '/graphql', method: 'POST', headers: own, body });
      latencies.push(performance.now() - sent);
      if (!answer.includes('"PlaceOrderSuccess"'))
        throw new Error(`An order was not placed: ${answer.slice(0, 1_000)}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  } finally {
    await pool.destroy();
  }
  const took = performance.now() - started;
  latencies.sort((a, b) => a - b);
  return {
    placed: latencies.length,
    startedAt,
    milliseconds: took,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}
