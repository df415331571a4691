import { readLinks } from '@shop/access';
import { parse, print } from 'graphql';
import { dropUnresolvableKeys } from './drop-unresolvable-keys.ts';

const head = `schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) {
  query: Query
}
type Query { t: T }`;

function drop(source: string, start = head): string {
  const document = parse(`${start} ${source}`, { noLocation: true });
  return print(dropUnresolvableKeys(document, readLinks(document)));
}

test.each([
  [
    'a key beside a resolvable one',
    'type T @join__type(graph: A, key: "x", resolvable: false) @join__type(graph: A, key: "id") { id: ID! x: ID! }',
    'type T @join__type(graph: A, key: "id") { id: ID! x: ID! }',
  ],
  [
    'each such key, of an interface too',
    'interface T @join__type(graph: A, key: "x", resolvable: false) @join__type(graph: A, key: "id", resolvable: true) ' +
      '@join__type(graph: A, key: "y", resolvable: false) { id: ID! x: ID! y: ID! }',
    'interface T @join__type(graph: A, key: "id", resolvable: true) { id: ID! x: ID! y: ID! }',
  ],
])('drops %s', (_case, source, expected) => {
  expect(drop(source)).toBe(print(parse(`${head} ${expected}`)));
});

test.each([
  ['the only key of a subgraph', 'type T @join__type(graph: A, key: "id", resolvable: false) { id: ID! }'],
  [
    'a key whose resolvable neighbour is of another subgraph',
    'type T @join__type(graph: A, key: "x", resolvable: false) @join__type(graph: B, key: "id") { id: ID! x: ID! }',
  ],
  [
    'a key beside the type without a key',
    'type T @join__type(graph: A, key: "x", resolvable: false) @join__type(graph: A) { x: ID! }',
  ],
])('keeps %s', (_case, source) => {
  expect(drop(source)).toBe(print(parse(`${head} ${source}`)));
});

test('the specification of joins may have another name', () => {
  const start = head.replace('for: EXECUTION', 'as: "j", for: EXECUTION');
  const keys = '@j__type(graph: A, key: "x", resolvable: false) @j__type(graph: A, key: "id")';
  expect(drop(`type T ${keys} { id: ID! x: ID! }`, start)).not.toContain('resolvable');
});
