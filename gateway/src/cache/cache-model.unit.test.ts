import { chooseSize } from '@shop/testing/config';
import fc from 'fast-check';
import { Invalidations } from './invalidations.ts';
import { anySteps, changeHead, runSteps, type PlantedFaults } from '../../test/cache-model.ts';

const seed = { seed: 20_261_129, numRuns: chooseSize({ short: 2_000, long: 40_000 }) };
/** Some faults need a rare order of steps. */
const search = { ...seed, numRuns: 40_000, endOnFailure: true };

/** Keeps all that was read, whatever happened meanwhile. */
class NoLeases extends Invalidations {
  override isUntouched(): boolean {
    return true;
  }
}

test('no answer is older than the last event or write before its request, and all equals the database when it has settled', async () => {
  const hits = { kept: 0, shared: 0 };
  await fc.assert(
    fc.asyncProperty(anySteps, async (steps) => {
      const { kept, shared } = await runSteps(steps);
      hits.kept += kept;
      hits.shared += shared;
    }),
    seed,
  );
  // The property must not hold because nothing is ever kept.
  expect(hits.kept).toBeGreaterThan(seed.numRuns);
  expect(hits.shared).toBeGreaterThan(seed.numRuns / 10);
});

const planted: readonly (readonly [string, PlantedFaults])[] = [
  ['a read is kept although an event came meanwhile', { createLeases: () => new NoLeases() }],
  ['a gap in the events is not noticed', { ignoresGaps: true }],
  ['the version token of a caller is ignored', { ignoresTokens: true }],
  [
    'a part in Redis counts as newer than it is',
    { changeShared: (text, { newest }) => changeHead(text, { places: (newest as { places: object }).places }) },
  ],
  [
    'a part in Redis is used although its service was written since',
    { changeShared: (text, { mark }) => changeHead(text, { mark }) },
  ],
];

test.each(planted)('the model finds old answers where %s', async (_fault, faults) => {
  const { failed } = await fc.check(
    fc.asyncProperty(anySteps, async (steps) => void (await runSteps(steps, faults))),
    search,
  );
  expect(failed).toBe(true);
});

test('a read that began before the forgotten invalidations is not kept', () => {
  const leases = new Invalidations({ maxKnown: 2 });
  const since = leases.now;
  leases.invalidate(['a']);
  expect(leases.isUntouched(['b'], [], since)).toBe(true);
  leases.invalidate(['c', 'd']);
  expect(leases.isUntouched(['b'], [], since)).toBe(false);
  expect(leases.isUntouched(['b'], [], leases.now)).toBe(true);
});
