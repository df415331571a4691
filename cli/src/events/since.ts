const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 24 * 3_600_000 } as const;
// A time without an offset would mean a different moment on each machine.
const time = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads a duration before now such as `2h`, or an ISO 8601 time. A date means its midnight in UTC.
 *
 * @throws Error that explains the invalid value.
 */
export function parseSince(text: string, now: Date): Date {
  const since = readTime(text, now);
  if (Number.isNaN(since.getTime()))
    throw new Error(`"${text}" is neither a duration such as 2h nor a time such as 2026-11-20T14:30:00Z.`);
  if (since > now) throw new Error(`${since.toISOString()} is in the future.`);
  return since;
}

function readTime(text: string, now: Date): Date {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount !== undefined)
    return new Date(Math.max(0, now.getTime() - Number(amount) * unitMs[unit as keyof typeof unitMs]));
  return new Date(time.test(text) ? text : Number.NaN);
}
