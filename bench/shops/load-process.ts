// The clients of `npm run bench -- shops`. They run in their own process, so that their CPU time is not counted as a shop's.
import { Pool } from 'undici';
import { answerOrders } from '../answer-orders.ts';
import { send } from '../orders/send.ts';
import { quantile } from '../results/statistics.ts';
import type { LoadOrder, LoadReport } from './load.ts';
import { prepareSequence, type Call } from './sequence.ts';

answerOrders(run);

async function run(order: LoadOrder): Promise<LoadReport> {
  const { origin, steps, values, headers, clients, milliseconds, keyPrefix } = order;
  const pool = new Pool(origin, { connections: clients, pipelining: 1 });
  const work = prepareSequence(steps);
  const lists = Object.entries(values);
  const latencies: number[] = [];
  let [calls, next] = [0, 0];
  const startedAt = Date.now();
  const started = performance.now();
  const client = async (index: number): Promise<void> => {
    const own = { 'content-type': 'application/json', ...headers[index % Math.max(headers.length, 1)] };
    const ask = (call: Call) => send(pool, { ...call, headers: own });
    while (performance.now() - started < milliseconds) {
      const number = next++;
      const taken = Object.fromEntries(lists.map(([name, list]) => [name, list[number % list.length] ?? '']));
      const begun = performance.now();
      const made = await work({ ...taken, key: `${keyPrefix}${number}` }, ask);
      calls += made;
      latencies.push(performance.now() - begun);
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  } finally {
    await pool.destroy();
  }
  const took = performance.now() - started;
  latencies.sort((a, b) => a - b);
  const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
  return { done: latencies.length, calls, startedAt, milliseconds: took, p50, p99 };
}
