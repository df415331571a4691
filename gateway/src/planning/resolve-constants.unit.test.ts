import { parse, print } from 'graphql';
import { resolveConstants } from './resolve-constants.ts';

const toText = (source: string) => print(parse(source, { noLocation: true }));

test.each([
  ['{ p { a @skip(if: true) b } }', '{ p { b } }'],
  ['{ p { a @include(if: false) b @include(if: true) @other } }', '{ p { b @other } }'],
  ['{ p { ... @skip(if: true) { a } ... on P @skip(if: false) { b } } }', '{ p { ... on P { b } } }'],
  ['{ p { a @skip(if: true) } }', '{ p { __typename } }'],
  ['{ p @skip(if: true) { a } }', '{ __typename }'],
  [
    '{ p { ...F @skip(if: true) ...F } } fragment F on P { a @skip(if: true) }',
    '{ p { ...F } } fragment F on P { __typename }',
  ],
  [
    'query ($s: Boolean!) { p { a @skip(if: $s) @include(if: true) b @skip(if: $s) @include(if: false) } }',
    'query ($s: Boolean!) { p { a @skip(if: $s) } }',
  ],
])('%s', (source, expected) => {
  expect(print(resolveConstants(parse(source, { noLocation: true })))).toBe(toText(expected));
});

test.each(['{ p { a } }', 'query ($s: Boolean!) { p { a @skip(if: $s) b @other(if: true) } }'])(
  '%s stays the same',
  (source) => {
    const document = parse(source, { noLocation: true });
    expect(resolveConstants(document)).toBe(document);
  },
);
