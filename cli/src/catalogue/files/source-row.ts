/** The content of one row of a file. */
export type SourceRow = SourcePlace &
  ({ readonly values: Readonly<Record<string, unknown>> } | { readonly error: string });

export interface SourcePlace {
  /** From 1; the heading does not count. */
  readonly number: number;
  /** The line on which the row begins, from 1; null when rows are not lines. */
  readonly line: number | null;
}

/** A row from a parsed JSON value. */
export function toSourceRow(place: SourcePlace, value: unknown): SourceRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ...place, error: 'is not an object' };
  return { ...place, values: value as Record<string, unknown> };
}
