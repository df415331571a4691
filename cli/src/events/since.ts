const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 24 * 3_600_000 } as const;
// A time without an offset would mean another one on each machine.
const time = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** The time that a duration before now such as `2h`, or an ISO 8601 time, means; a date is its midnight in UTC. Null: neither. */
export function parseSince(text: string, now: Date): Date | null {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount !== undefined)
    return new Date(Math.max(0, now.getTime() - Number(amount) * unitMs[unit as keyof typeof unitMs]));
  const date = new Date(time.test(text) ? text : Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}
