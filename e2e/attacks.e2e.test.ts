import { isLongRun } from '@shop/testing/config';
import { formatAttacks, runAttacks } from './attacks/run-attacks.ts';

/** The short form has the engine that is the default. */
const engines = isLongRun() ? (['own', 'stock'] as const) : (['own'] as const);

test.each(engines)(
  'every attack is stopped by its limit, with the %s engine',
  async (engine) => {
    const reports = await runAttacks({ engine });
    expect(reports.length).toBeGreaterThan(10);
    if (reports.some(({ wrong }) => wrong !== null)) throw new Error(formatAttacks(reports));
  },
  300_000,
);
