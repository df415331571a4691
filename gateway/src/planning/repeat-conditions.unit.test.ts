import { parse, print, stripIgnoredCharacters } from 'graphql';
import { repeatConditions } from './repeat-conditions.ts';

const repeat = (text: string) => stripIgnoredCharacters(print(repeatConditions(parse(text), new Set(['sum', 'low']))));

test.each([
  ['{ p @skip(if: $a) { name sum } }', '{ p @skip(if: $a) { name sum @skip(if: $a) } }'],
  ['{ p @skip(if: $a) { sum @skip(if: $b) } }', '{ p @skip(if: $a) { sum @skip(if: $b) } }'],
  ['{ p @skip(if: $a) { sum @include(if: $b) } }', '{ p @skip(if: $a) { sum @include(if: $b) @skip(if: $a) } }'],
  [
    '{ ... @skip(if: $a) { p { ... on P { low } } } }',
    '{ ... @skip(if: $a) { p { ... on P { low @skip(if: $a) } } } }',
  ],
  [
    '{ p @skip(if: $a) { q @skip(if: $b) { sum { sum } } } }',
    '{ p @skip(if: $a) { q @skip(if: $b) { sum @skip(if: $b) { sum @skip(if: $b) } } } }',
  ],
  // A fragment has the conditions of each of its places.
  [
    '{ p { ...F @skip(if: $a) } q { ...F } } fragment F on P { sum }',
    '{ p { ... on P @skip(if: $a) { sum @skip(if: $a) } } q { ...F } } fragment F on P { sum }',
  ],
  [
    '{ p { ...F } } fragment F on P { ...G @skip(if: $a) } fragment G on P { sum }',
    '{ p { ...F } } fragment F on P { ... on P @skip(if: $a) { sum @skip(if: $a) } } fragment G on P { sum }',
  ],
])('%s becomes %s', (text, expected) => {
  expect(repeat(text)).toBe(stripIgnoredCharacters(expected));
});

test.each([
  '{ p @skip(if: $a) { name } }',
  '{ p { sum low } }',
  '{ p { sum @skip(if: $a) name @include(if: $b) } }',
  '{ p { ...F @skip(if: $a) } } fragment F on P { name }',
])('%s stays', (text) => {
  expect(repeat(text)).toBe(stripIgnoredCharacters(text));
});
