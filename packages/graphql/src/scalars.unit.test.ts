import { parseValue } from 'graphql';
import { DateTime, MinorUnits } from './scalars.ts';

describe('DateTime', () => {
  test.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.123456+02:00', '2026-01-31T10:00:00.123Z'],
    ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59.999Z'],
  ])('%s is read', (text, expected) => {
    expect(DateTime.serialize(DateTime.parseValue(text))).toBe(expected);
    expect(DateTime.parseLiteral(parseValue(`"${text}"`))).toEqual(new Date(expected));
  });

  test.each([
    '2026-02-30T12:00:00Z',
    '2026-01-31',
    '2026-01-31T12:00:00',
    '2026-13-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    'now',
    1_700_000_000,
    null,
  ])('%s is rejected', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow('RFC 3339');
  });

  test('an invalid date is not serialised', () => {
    expect(() => DateTime.serialize(new Date(Number.NaN))).toThrow('invalid date');
  });
});

describe('MinorUnits', () => {
  test.each([0, -1, 9_007_199_254_740_991])('%s passes', (value) => {
    expect(MinorUnits.parseValue(value)).toBe(value);
    expect(MinorUnits.serialize(BigInt(value))).toBe(value);
    expect(MinorUnits.parseLiteral(parseValue(String(value)))).toBe(value);
  });

  test.each([1.5, 9_007_199_254_740_992, Number.NaN, '1', null, true])('%s is rejected', (value) => {
    expect(() => MinorUnits.parseValue(value)).toThrow('whole number');
    expect(() => MinorUnits.serialize(value)).toThrow('whole number');
  });

  test('a literal must be an integer', () => {
    expect(() => MinorUnits.parseLiteral(parseValue('1.0'))).toThrow('whole number');
    expect(() => MinorUnits.parseLiteral(parseValue('99999999999999999999'))).toThrow('whole number');
  });
});
