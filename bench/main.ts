import { catalogue } from './catalogue.ts';
import { messaging } from './messaging.ts';
import { orders } from './orders.ts';

const benchmarks: Record<string, (args: readonly string[]) => Promise<void>> = { orders, catalogue, messaging };

const [name = '', ...args] = process.argv.slice(2);
const run = benchmarks[name];
if (run) {
  await run(args);
} else {
  console.error(`Usage: npm run bench -- NAME\nBenchmarks: ${Object.keys(benchmarks).join(', ')}`);
  process.exitCode = 2;
}
