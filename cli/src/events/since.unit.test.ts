import { parseSince } from './since.ts';

const now = new Date('2026-11-20T14:30:00Z');

test.each([
  ['90s', '2026-11-20T14:28:30.000Z'],
  ['15m', '2026-11-20T14:15:00.000Z'],
  ['2h', '2026-11-20T12:30:00.000Z'],
  ['3d', '2026-11-17T14:30:00.000Z'],
  ['999999d', '1970-01-01T00:00:00.000Z'],
  ['2026-11-20T14:00:00Z', '2026-11-20T14:00:00.000Z'],
  ['2026-11-20T14:00+02:00', '2026-11-20T12:00:00.000Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
])('reads %s as %s', (text, expected) => {
  expect(parseSince(text, now)).toEqual(new Date(expected));
});

test.each([
  ['yesterday', /"yesterday" is neither a duration such as 2h nor a time/],
  ['2026-11-20T14:30', /neither a duration/],
  ['9999-01-01', /is in the future/],
])('rejects %s', (text, message) => {
  expect(() => parseSince(text, now)).toThrow(message);
});
