import { describeFault, drawFaults, TARGETS } from './injection/draw-faults.ts';

const named = (seed: number, ms: number) =>
  drawFaults(seed, ms).map(({ atMs, fault }) => `${atMs} ${describeFault(fault)}`);

test('a seed repeats its faults, and another seed has other faults', () => {
  expect(named(1, 60_000)).toEqual(named(1, 60_000));
  expect(named(1, 60_000)).not.toEqual(named(2, 60_000));
});

test.each([1, 2, 3])(
  'a run of minutes kills and freezes every process, in ascending time and within the run (seed %i)',
  (seed) => {
    const faults = drawFaults(seed, 230_000);
    for (const target of TARGETS) {
      for (const kind of ['kill', 'freeze']) {
        expect(faults).toContainEqual({ atMs: expect.any(Number), fault: expect.objectContaining({ kind, target }) });
      }
    }
    const times = faults.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(230_000);
  },
);

test('even a short run repeats messages', () => {
  expect(named(1, 1_000)).toEqual(['500 repeat messages', '1000 repeat messages']);
});
