import { formatCut, formatTable } from './report.ts';
import type { CutReport } from './run-cuts.ts';

const good: CutReport = {
  cut: 1,
  wrong: [],
  loadMs: 9_000,
  orders: 120,
  startMs: 7_000,
  settleMs: 12_340,
  confirmMs: 20_000,
  handedOver: 31,
  damage: null,
  keptAs: null,
};
const failed: CutReport = {
  ...good,
  cut: 2,
  wrong: ['it did not start'],
  startMs: null,
  settleMs: null,
  confirmMs: null,
  handedOver: null,
  damage: 'a.blk: kept 1 of 2 bytes',
  keptAs: '/tmp/cut-2.img',
};

test('a cut is a line with its times, followed by what went wrong', () => {
  expect(formatCut(good)).toBe(
    'cut 1: 120 orders in 9.0 s; started in 7.0 s, settled after 12.3 s, confirmed after 20.0 s; 31 events handed over; in order',
  );
  expect(formatCut(failed).split('\n').slice(1)).toEqual([
    '  damaged a.blk: kept 1 of 2 bytes',
    '  it did not start',
    '  the disk at the cut: /tmp/cut-2.img',
  ]);
});

test('the table has a row for each cut, and counts the failed ones', () => {
  expect(formatTable([good, failed])).toBe(
    [
      'cut  load s  orders  start s  settled s  confirmed s  handed over    result',
      '  1     9.0     120      7.0       12.3         20.0           31  in order',
      '  2     9.0     120        -          -            -            -    FAILED',
      '2 power cuts, 1 failed.',
    ].join('\n'),
  );
});
