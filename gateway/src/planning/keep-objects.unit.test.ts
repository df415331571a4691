import { buildSchema, parse, print, validate } from 'graphql';
import { keepConditionalObjects } from './keep-objects.ts';

const schema = buildSchema(`
  type Query { p: P! n: N! u: U }
  interface N { w: Int q: P }
  type P implements N { w: Int q: P }
  type R implements N { w: Int q: P }
  union U = P | R
`);

function keep(selection: string): string {
  const document = parse(`query($s: Boolean!) { ${selection}`, { noLocation: true });
  expect(validate(schema, document)).toEqual([]);
  const kept = keepConditionalObjects(document, schema);
  expect(validate(schema, kept)).toEqual([]);
  return print(kept);
}
const toText = (selection: string) => print(parse(`query($s: Boolean!) { ${selection}`));

test.each([
  ['p { w @skip(if: $s) } }', 'p { w @skip(if: $s) __typename } }'],
  ['p { ... @include(if: $s) { w q { w } } } }', 'p { ... @include(if: $s) { w q { w } } __typename } }'],
  ['p { q @skip(if: $s) { w @skip(if: $s) } } }', 'p { q @skip(if: $s) { w @skip(if: $s) __typename } __typename } }'],
  ['p { w @skip(if: $s) q @skip(if: true) { w } } }', 'p { w @skip(if: $s) q @skip(if: true) { w } __typename } }'],
  [
    'p { ...F } } fragment F on P { w @skip(if: $s) q { w @skip(if: $s) } }',
    'p { ...F } } fragment F on P { w @skip(if: $s) q { w @skip(if: $s) __typename } }',
  ],
  ['p { ...F } } fragment F on P { w @skip(if: $s) }', 'p { ...F __typename } } fragment F on P { w @skip(if: $s) }'],
  // Not each object of an interface or of a union is a P.
  ['n { ... on P { w } w @skip(if: $s) } }', 'n { ... on P { w } w @skip(if: $s) __typename } }'],
  ['u { ... on P { w @skip(if: $s) } } }', 'u { ... on P { w @skip(if: $s) } __typename } }'],
])('%s', (selection, expected) => {
  expect(keep(selection)).toBe(toText(expected));
});

test.each([
  'p { w q @skip(if: $s) { w } } }',
  'p { w @skip(if: $s) __typename } }',
  'p { w @skip(if: $s) q @skip(if: false) { w } } }',
  'p { w @skip(if: $s) ... on N { w @include(if: true) } } }',
  'n { w @skip(if: $s) ... on N { q { w } } } }',
  'p { w @skip(if: $s) ...F } } fragment F on N { q { w } }',
  'p @skip(if: $s) { w } }',
  '__type(name: "P") { name @skip(if: $s) } }',
])('%s stays the same', (selection) => {
  expect(keep(selection)).toBe(toText(selection));
});
