/**
 * - `STOCKED`: there is enough
 * - `LOW_UNTOLD`: it has run low, and its task is not opened yet
 * - `LOW`: it is low, and needs no further task
 * - `BACK`: there is enough again, and its task is not closed yet
 */
export type StockWatchState = 'STOCKED' | 'LOW_UNTOLD' | 'LOW' | 'BACK';

/** The stock of a product, as an event reports it. */
export interface StockReport {
  readonly productId: string;
  readonly available: number;
  /** Grows with each change of the stock. */
  readonly sequence: number;
}

/** The stock of a product, as it was last heard of. */
export interface StockWatch extends StockReport {
  readonly state: StockWatchState;
  readonly changedAt: Date;
}

/** The sequence of a product's first stock. It starts with that much: nothing has fallen. */
const FIRST_SEQUENCE = 1;

/**
 * The stock at which a product that ran low has enough again: half as much again as the threshold. The distance keeps single sales and
 * returns from opening task after task.
 */
export function findReturnLevel(threshold: number): number {
  return threshold + Math.max(1, Math.ceil(threshold / 2));
}

/**
 * Follows a report. Stock is low from `threshold` downwards, and enough again from {@link findReturnLevel} upwards.
 * Returns null for a late report: a newer one is known. With the threshold 0, stock is never low.
 *
 * A product that is new does not run low. For one that is heard of first after its first stock, an unknown higher stock came before.
 */
export function followStock(
  before: StockWatch | null,
  report: StockReport,
  threshold: number,
  at: Date,
): StockWatch | null {
  if (before !== null && report.sequence <= before.sequence) return null;
  const state = decideState(before, report, threshold);
  return { ...report, state, changedAt: before?.state === state ? before.changedAt : at };
}

function decideState(before: StockWatch | null, report: StockReport, threshold: number): StockWatchState {
  const isLow = threshold > 0 && report.available <= threshold;
  if (before === null) {
    if (!isLow) return 'STOCKED';
    return report.sequence <= FIRST_SEQUENCE ? 'LOW' : 'LOW_UNTOLD';
  }
  const isEnough = report.available >= findReturnLevel(threshold);
  switch (before.state) {
    case 'STOCKED':
      return isLow ? 'LOW_UNTOLD' : 'STOCKED';
    case 'LOW_UNTOLD':
      return isEnough ? 'STOCKED' : 'LOW_UNTOLD';
    case 'LOW':
      return isEnough ? 'BACK' : 'LOW';
    case 'BACK':
      // Its task is still open, and stays so.
      return isLow ? 'LOW' : 'BACK';
    default:
      return before.state satisfies never;
  }
}
