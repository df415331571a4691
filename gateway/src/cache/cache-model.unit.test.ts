import fc from 'fast-check';
import { Invalidations } from './invalidations.ts';
import { anySteps, runSteps } from '../../test/cache-model.ts';

const seed = { seed: 20_261_129, numRuns: 2_000 };

/** Keeps all that was read, whatever happened meanwhile. */
class NoLeases extends Invalidations {
  override isUntouched(): boolean {
    return true;
  }
}

test('no answer is older than the last event before its request, and all equals the database when it has settled', () => {
  let hits = 0;
  fc.assert(
    fc.property(anySteps, (steps) => {
      hits += runSteps(steps);
    }),
    seed,
  );
  // The property must not hold because nothing is ever kept.
  expect(hits).toBeGreaterThan(seed.numRuns);
});

test('the model finds old answers where a read is kept although an event came meanwhile', () => {
  const { failed, counterexample } = fc.check(
    fc.property(anySteps, (steps) => void runSteps(steps, { leases: new NoLeases() })),
    seed,
  );
  expect(failed).toBe(true);
  // A read before a commit, whose event comes before the read has arrived.
  expect(counterexample?.[0].map(({ kind }) => kind)).toEqual(expect.arrayContaining(['request', 'commit', 'read']));
});

test('the model finds old answers where a gap in the events is not noticed', () => {
  const { failed } = fc.check(
    fc.property(anySteps, (steps) => void runSteps(steps, { ignoresGaps: true })),
    seed,
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
