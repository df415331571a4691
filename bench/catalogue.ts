import os from 'node:os';
import { HttpLoad } from './catalogue/http-load.ts';
import { measure } from './catalogue/measure.ts';
import type { CatalogueOptions } from './catalogue/options.ts';
import { prepareSubject, type RunningSubject } from './catalogue/prepare-subject.ts';
import { tableOf, tooSlow } from './catalogue/report.ts';
import { circumstances } from './results/circumstances.ts';
import { writeResults } from './results/write-results.ts';

const CONNECTIONS = 16;

/**
 * Measures how reads slow down as the catalogue grows. It starts a whole system for each size and measures the sizes
 * side by side through their gateways. Exits non-zero when a limit is exceeded.
 */
export async function catalogue({ sizes, seconds, only, showSql, isComplete }: CatalogueOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const http = new HttpLoad(CONNECTIONS);
  const subjects: RunningSubject[] = [];
  try {
    for (const size of sizes) {
      console.log(`Making a system with ${size.toLocaleString('en-US')} products …`);
      subjects.push(await prepareSubject(size, only, http));
    }
    if (showSql)
      for (const [name, { statements }] of subjects.at(-1)?.work ?? [])
        console.log(`\n${name}:\n  ${statements.join('\n  ')}`);
    const measurements = await measure(subjects, http, seconds, (round, of) =>
      console.log(round === 0 ? 'Warming up …' : `Round ${round} of ${of} …`),
    );
    const results = `${circumstances(loadBefore, seconds)}\n\n${tableOf(measurements)}`;
    console.log(`\n${results}\n`);
    for (const { name, growth, limit } of tooSlow(measurements)) {
      console.error(`Too slow: ${name} grew by ${growth.toFixed(2)}x, and ${limit}x is the limit.`);
      process.exitCode = 1;
    }
    if (isComplete) console.log(`Written to ${await writeResults('catalogue', results)}.`);
  } finally {
    http.close();
    await Promise.all(subjects.map((subject) => subject.stop()));
  }
}
