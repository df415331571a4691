import { createRandom } from '@shop/testing';
import pg from 'pg';
import { readValues } from './read-values.ts';

const { TIMESTAMPTZ } = pg.types.builtins;
const read = readValues.getTypeParser(TIMESTAMPTZ) as (text: string) => unknown;
const readByPg = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => unknown;

test.each([
  '2026-11-30 15:05:25.123456+00',
  '2026-11-30 15:05:25.1+00',
  '2026-11-30 15:05:25.999999+00',
  '2026-11-30 15:05:25+00',
  '2024-02-29 23:59:59.009+00',
  '0100-01-01 00:00:00+00',
  '0099-12-31 23:59:59+00',
  '0001-01-01 00:00:00+00',
  '9999-12-31 23:59:59.999+00',
  '10000-01-01 00:00:00+00',
  '0044-03-15 12:00:00+00 BC',
  '2026-11-30 15:05:25.5+02',
  '2026-11-30 15:05:25.5-03:30',
  'infinity',
  '-infinity',
])('the instant %s', (text) => {
  expect(read(text)).toEqual(readByPg(text));
});

test('any instant of UTC is read as by pg', () => {
  const random = createRandom(7);
  for (let round = 0; round < 2_000; round += 1) {
    const at = new Date(Math.floor(random.next() * Date.UTC(9999, 0)));
    const micros = String(random.below(1_000_000)).padStart(6, '0');
    const fraction = `.${micros}`.replace(/\.?0*$/, '');
    const text = `${at.toISOString().slice(0, 19).replace('T', ' ')}${fraction}+00`;
    expect([text, read(text)]).toEqual([text, readByPg(text)]);
  }
});
