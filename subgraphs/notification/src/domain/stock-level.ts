/** The stock of a product as the newest event told it. */
export interface StockLevel {
  readonly productId: string;
  /** -1 before the first event. */
  readonly sequence: number;
  readonly isLow: boolean;
}

/** The stock of a product, as an event reports it. */
export interface StockReport {
  readonly productId: string;
  readonly available: number;
  readonly sequence: number;
}

/** A new product has this sequence, or one less while it has no stock: it has not run low, it starts so. */
const FIRST_SEQUENCE = 1;

/**
 * Decides about a report of stock: `level` is the new level, and `isCrossing` is true when the product has just run low. Null for a
 * report that is not newer than the level.
 *
 * A product that is low stays so until it has half as much again as the threshold, so that stock that goes up and down around the
 * threshold is reported once.
 *
 * @param threshold the number of units at or below which stock is low; 0 reports nothing
 */
export function decideLevel(
  before: StockLevel,
  { productId, available, sequence }: StockReport,
  threshold: number,
): { readonly level: StockLevel; readonly isCrossing: boolean } | null {
  if (sequence <= before.sequence) return null;
  const recoversAt = threshold + Math.max(1, Math.ceil(threshold / 2));
  const isLow = threshold > 0 && (before.isLow ? available < recoversAt : available <= threshold);
  const startsLow = before.sequence < 0 && sequence <= FIRST_SEQUENCE;
  return { level: { productId, sequence, isLow }, isCrossing: isLow && !before.isLow && !startsLow };
}
