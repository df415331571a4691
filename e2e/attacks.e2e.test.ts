import { formatAttacks, runAttacks } from './attacks/run-attacks.ts';

test('every attack is stopped by its limit', async () => {
  const reports = await runAttacks();
  expect(reports.length).toBeGreaterThan(10);
  if (reports.some(({ wrong }) => wrong !== null)) throw new Error(formatAttacks(reports));
}, 300_000);
