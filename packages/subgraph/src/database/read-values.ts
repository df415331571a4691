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

const SPACE = 0x20;

/** Sessions have the time zone UTC or that of the server, so the offset may be any. Years beyond 9999 and BC are left to `pg`. */
function readInstant(text: string): unknown {
  if (!text.endsWith('+00') || text.charCodeAt(10) !== SPACE) return pg.types.getTypeParser(builtins.TIMESTAMPTZ)(text);
  return new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
}

function readDate(text: string): Date {
  return new Date(`${text}T00:00:00Z`);
}
