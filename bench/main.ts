import { orderLatency } from './order-latency.ts';

const benchmarks: Record<string, () => Promise<void>> = { 'order-latency': orderLatency };

const name = process.argv[2] ?? '';
const run = benchmarks[name];
if (run) {
  await run();
} else {
  console.error(`Usage: npm run bench -- NAME\nBenchmarks: ${Object.keys(benchmarks).join(', ')}`);
  process.exitCode = 2;
}
