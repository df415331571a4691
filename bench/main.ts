import { catalogue } from './catalogue.ts';
import { orderLatency } from './order-latency.ts';

const benchmarks: Record<string, (args: readonly string[]) => Promise<void>> = { 'order-latency': orderLatency, catalogue };

const [name = '', ...args] = process.argv.slice(2);
const run = benchmarks[name];
if (run) {
  await run(args);
} else {
  console.error(`Usage: npm run bench -- NAME\nBenchmarks: ${Object.keys(benchmarks).join(', ')}`);
  process.exitCode = 2;
}
