import { describeFault, drawFaults, listTargets } from './injection/draw-faults.ts';

const named = (seed: number, ms: number) =>
  drawFaults(seed, ms).map(({ atMs, fault }) => `${atMs} ${describeFault(fault)}`);

test('a seed repeats its faults, and another seed has other faults', () => {
  expect(named(1, 60_000)).toEqual(named(1, 60_000));
  expect(named(1, 60_000)).not.toEqual(named(2, 60_000));
});

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 2],
])(
  'a run of minutes kills and freezes every process, in ascending time and within the run (seed %i, %i replicas)',
  (seed, replicas) => {
    const faults = drawFaults(seed, 230_000, replicas);
    for (const target of listTargets(replicas)) {
      for (const kind of ['kill', 'freeze']) {
        expect(faults).toContainEqual({ atMs: expect.any(Number), fault: expect.objectContaining({ kind, target }) });
      }
    }
    const times = faults.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(230_000);
  },
);

test('a fault names the replica that it hits', () => {
  const names = drawFaults(1, 230_000, 2).map(({ fault }) => describeFault(fault));
  expect(names).toContainEqual(expect.stringMatching(/^kill order\b(?!-)/));
  expect(names).toContainEqual(expect.stringMatching(/^kill order-2\b/));
  expect(names).not.toContainEqual(expect.stringMatching(/(order|gateway)-[13]|(nats|postgres)-/));
});

test('even a short run repeats messages', () => {
  expect(named(1, 1_000)).toEqual(['500 repeat messages', '1000 repeat messages']);
});
