/** What stands in one row of a file. */
export type SourceRow = SourcePlace &
  ({ readonly values: Readonly<Record<string, unknown>> } | { readonly error: string });

export interface SourcePlace {
  /** From 1, without a heading. */
  readonly number: number;
  /** Where the row begins in the file, from 1; null where rows are no lines. */
  readonly line: number | null;
}

/** The values of a row that was read as JSON. */
export function valuesOf(place: SourcePlace, value: unknown): SourceRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ...place, error: 'is not an object' };
  return { ...place, values: value as Record<string, unknown> };
}
