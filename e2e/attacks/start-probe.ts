import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Asks again as soon as it has an answer, and keeps the longest time. It runs in a thread, whose loop the load does not delay. */
const program = `
const { get, Agent } = require('node:http');
const { parentPort, workerData } = require('node:worker_threads');
const agent = new Agent({ keepAlive: true });
const ask = () => new Promise((resolve, reject) => {
  const asked = performance.now();
  get(workerData, { agent }, (answer) => {
    answer.resume().once('end', () => resolve({ ms: performance.now() - asked, status: answer.statusCode }));
  }).once('error', reject);
});
let isStopped = false;
parentPort.once('message', () => (isStopped = true));
(async () => {
  const times = [];
  for (let isFirst = true; !isStopped; isFirst = false) {
    const { ms, status } = await ask();
    if (status !== 200) throw new Error('the probe was answered with ' + status);
    if (isFirst) parentPort.postMessage('started');
    else times.push(ms);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  parentPort.postMessage(times);
  parentPort.close();
})();
`;

export interface Probe {
  /** Ends it, and returns the times of all answers in milliseconds. */
  stop(): Promise<readonly number[]>;
}

/** Probes a health check over a connection of its own, until it is stopped. Resolves when the first probe was answered. */
export async function startProbe(url: URL): Promise<Probe> {
  const worker = new Worker(program, { eval: true, workerData: url.href });
  await once(worker, 'message');
  return {
    async stop() {
      const answered = once(worker, 'message');
      worker.postMessage('stop');
      const [times] = (await answered) as [readonly number[]];
      await worker.terminate();
      return times;
    },
  };
}
