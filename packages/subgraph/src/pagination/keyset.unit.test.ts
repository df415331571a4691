import { createBinder, escapeLike } from '../database/sql-parts.ts';
import { groupByParent, isBeyondCursor, senseOf } from './keyset.ts';

const columns = ['o.at', 'o.id'] as const;
const cursor = ['2026-01-01T00:00:00Z', 'b'] as const;

test.each([
  ['forward', 'ASC', 'ASC', '>'],
  ['forward', 'DESC', 'DESC', '<'],
  ['backward', 'ASC', 'DESC', '<'],
  ['backward', 'DESC', 'ASC', '>'],
] as const)('a page that goes %s in a list %s is read %s', (direction, list, sense, sign) => {
  const { values, bind } = createBinder();
  const page = { limit: 2, direction, [direction === 'forward' ? 'after' : 'before']: cursor };
  expect(senseOf(page, list)).toBe(sense);
  expect(isBeyondCursor(page, columns, list, bind)).toBe(`(o.at, o.id) ${sign} ($1::timestamptz, $2::uuid)`);
  expect(values).toEqual(cursor);
});

test('a page without a cursor has no condition', () => {
  const { values, bind } = createBinder();
  expect(isBeyondCursor({ limit: 2, direction: 'forward' }, columns, 'ASC', bind)).toBe('true');
  expect(values).toEqual([]);
});

test('rows are grouped in their order, and a parent without rows has an empty list', () => {
  const rows = [
    { of: 'b', n: 1 },
    { of: 'a', n: 2 },
    { of: 'b', n: 3 },
  ];
  expect(groupByParent(['a', 'b', 'c'], rows, ({ of }) => of)).toEqual(
    new Map([
      ['a', [rows[1]]],
      ['b', [rows[0], rows[2]]],
      ['c', []],
    ]),
  );
});

test('characters with a meaning in LIKE are escaped', () => {
  expect(escapeLike(String.raw`50%_off\now`)).toBe(String.raw`50\%\_off\\now`);
});
