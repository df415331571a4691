import pg from 'pg';

type Parser = (text: string) => unknown;

const { builtins } = pg.types;
const TEXT_ARRAY = 1009;
const INT8_ARRAY = 1016;
const DATE_ARRAY = 1182;
const TIMESTAMPTZ_ARRAY = 1185;

const readElements = (read: Parser): Parser => {
  const readTexts = pg.types.getTypeParser(TEXT_ARRAY as number) as (text: string) => (string | null)[];
  return (text) => readTexts(text).map((element) => (element === null ? null : read(element)));
};

const parsers = new Map<number, Parser>([
  [builtins.INT8, BigInt],
  [INT8_ARRAY, readElements(BigInt)],
  [builtins.TIMESTAMPTZ, readInstant],
  [TIMESTAMPTZ_ARRAY, readElements(readInstant)],
  [builtins.DATE, readDate],
  [DATE_ARRAY, readElements(readDate)],
]);

/**
 * Reads the values of raw SQL as Prisma does: an `int8` as a BigInt, times and dates as dates in UTC, JSON as what it says. Decimals are
 * text.
 */
export const readValues: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary' = 'text') =>
    (format === 'text' ? parsers.get(oid) : undefined) ??
    pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** A time in UTC from the year 100 to 9999, as PostgreSQL writes it. `Date.UTC` would take a year below 100 as one of 1900 to 1999. */
const utc = /^(?!00)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

/**
 * Sessions have the time zone UTC or that of the server, so the offset may be any. `pg` reads all other texts. Reading the digits one by
 * one takes half the time of parsing a text as a date, and a page of a list has dozens of times.
 */
function readInstant(text: string): unknown {
  if (!utc.test(text)) return pg.types.getTypeParser(builtins.TIMESTAMPTZ)(text);
  return new Date(
    Date.UTC(
      100 * readTwo(text, 0) + readTwo(text, 2),
      readTwo(text, 5) - 1,
      readTwo(text, 8),
      readTwo(text, 11),
      readTwo(text, 14),
      readTwo(text, 17),
      readMilliseconds(text),
    ),
  );
}

const ZERO = 0x30;

const readTwo = (text: string, at: number): number =>
  10 * (text.charCodeAt(at) - ZERO) + text.charCodeAt(at + 1) - ZERO;

/** The fraction is at the end, before the offset, and has no zeros at its own end. */
function readMilliseconds(text: string): number {
  const end = Math.min(23, text.length - 3);
  let milliseconds = 0;
  for (let at = 20, unit = 100; at < end; at += 1, unit /= 10) milliseconds += unit * (text.charCodeAt(at) - ZERO);
  return milliseconds;
}

function readDate(text: string): Date {
  return new Date(`${text}T00:00:00Z`);
}
