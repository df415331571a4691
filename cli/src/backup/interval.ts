const unitMs = { m: 60_000, h: 3_600_000, d: 24 * 3_600_000 } as const;

/** A timer of Node takes no more than 24 days. */
const MAX_MS = 24 * unitMs.d;

/**
 * Reads an interval such as `30m`, `6h` or `1d`, in milliseconds.
 *
 * @throws Error that explains the invalid value.
 */
export function parseInterval(text: string): number {
  const [, amount, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const interval = Number(amount) * (unitMs[unit as keyof typeof unitMs] ?? Number.NaN);
  if (interval >= unitMs.m && interval <= MAX_MS) return interval;
  throw new Error(`"${text}" is no interval from 1m to 24d, such as 30m, 6h or 1d.`);
}
