import { describeFault, drawFaults, TARGETS } from './injection/draw-faults.ts';
import { readOptions } from './options.ts';

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

test('options have defaults, and the default seed is new each time', () => {
  expect(readOptions([], () => 42)).toEqual({ seconds: 230, seed: 42, units: 100, workers: 24, plant: null });
  expect(
    readOptions(['--seconds', '60', '--seed', '0', '--units', '5', '--plant', 'no-dedup'], () => 42),
  ).toMatchObject({ seconds: 60, seed: 0, units: 5, plant: 'no-dedup' });
});

test.each([
  [['--seconds', '500'], '--seconds takes a whole number from 5 to 250.'],
  [['--seed', 'x'], '--seed takes a whole number from 0 to 4294967295.'],
  [['--units', '1.5'], '--units takes a whole number from 1 to 10000.'],
  [['--plant', 'all'], '--plant takes one of no-dedup, no-stock-condition.'],
])('%j is rejected', (args, message) => {
  expect(() => readOptions(args, () => 1)).toThrow(message);
});
