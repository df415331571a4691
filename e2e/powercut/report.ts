import type { CutReport } from './run-cuts.ts';

const seconds = (ms: number | null): string => (ms === null ? '-' : (ms / 1_000).toFixed(1));

/** The progress of a run: one line for a cut, and one for each problem. */
export function formatCut(report: CutReport): string {
  const { cut, orders, startMs, settleMs, confirmMs, handedOver, damage, wrong, keptAs } = report;
  const line =
    `cut ${cut}: ${orders} orders in ${seconds(report.loadMs)} s; started in ${seconds(startMs)} s, ` +
    `settled after ${seconds(settleMs)} s, confirmed after ${seconds(confirmMs)} s; ` +
    `${handedOver ?? '-'} events handed over; ${wrong.length === 0 ? 'in order' : 'FAILED'}`;
  return [
    line,
    ...(damage === null ? [] : [`  damaged ${damage}`]),
    ...wrong.map((text) => `  ${text}`),
    ...(keptAs === null ? [] : [`  the disk at the cut: ${keptAs}`]),
  ].join('\n');
}

const columns: readonly (readonly [title: string, read: (report: CutReport) => string])[] = [
  ['cut', ({ cut }) => String(cut)],
  ['load s', ({ loadMs }) => seconds(loadMs)],
  ['orders', ({ orders }) => String(orders)],
  ['start s', ({ startMs }) => seconds(startMs)],
  ['settled s', ({ settleMs }) => seconds(settleMs)],
  ['confirmed s', ({ confirmMs }) => seconds(confirmMs)],
  ['handed over', ({ handedOver }) => String(handedOver ?? '-')],
  ['result', ({ wrong }) => (wrong.length === 0 ? 'in order' : 'FAILED')],
];

/** The table at the end of a run. */
export function formatTable(reports: readonly CutReport[]): string {
  const rows = [columns.map(([title]) => title), ...reports.map((report) => columns.map(([, read]) => read(report)))];
  const widths = columns.map((_column, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const failed = reports.filter(({ wrong }) => wrong.length > 0).length;
  const lines = rows.map((row) => row.map((text, index) => text.padStart(widths[index] ?? 0)).join('  '));
  return [...lines, `${reports.length} power cuts, ${failed} failed.`].join('\n');
}
