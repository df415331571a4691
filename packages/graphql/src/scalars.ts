import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

function parseDateTime(value: unknown): Date {
  const match = typeof value === 'string' ? rfc3339.exec(value) : null;
  const date = match === null ? undefined : new Date(match[0]);
  // Date turns 30 February into a day of March, so check that the day of the month exists.
  if (!match || !date || Number.isNaN(date.getTime()) || !existsInCalendar(match[1], match[2], match[3])) {
    throw new GraphQLError('DateTime must be an RFC 3339 date-time, such as 2026-01-31T12:00:00.000Z.');
  }
  return date;
}

function existsInCalendar(year: string | undefined, month: string | undefined, day: string | undefined): boolean {
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) >= 1 && Number(day) <= daysInMonth;
}

/** A time: a `Date` in the code, RFC 3339 in UTC with milliseconds in JSON. Input may have any offset. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize(value) {
    const date = value instanceof Date ? value : parseDateTime(value);
    if (Number.isNaN(date.getTime())) throw new GraphQLError('DateTime cannot represent an invalid date.');
    return date.toISOString();
  },
  parseValue: parseDateTime,
  parseLiteral: (node) => parseDateTime(node.kind === Kind.STRING ? node.value : undefined),
});

function parseMinorUnits(value: unknown): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) {
    throw new GraphQLError('MinorUnits must be a whole number of minor units between -(2^53 - 1) and 2^53 - 1.');
  }
  return number;
}

/** An amount in minor units: a safe integer, also read from a `bigint`. */
export const MinorUnits = new GraphQLScalarType<number, number>({
  name: 'MinorUnits',
  serialize: parseMinorUnits,
  parseValue: parseMinorUnits,
  parseLiteral: (node) => parseMinorUnits(node.kind === Kind.INT ? Number(node.value) : undefined),
});
