import { buildSchema } from 'graphql';
import { PreparedOperations } from './prepared-operations.ts';

const schema = buildSchema('type Query { a: Int b: Int } type Mutation { c: Int } type Subscription { d: Int }');
const noPlainFields = { isPlain: () => false, take: (_context: unknown, _field: unknown, value: unknown) => value };
const prepare = (maxCharacters?: number) =>
  new PreparedOperations({ schema, plainFields: noPlainFields, preloads: {} }, maxCharacters);

test('a text is read once', () => {
  const operations = prepare();
  expect(operations.find('{ a }', undefined)).toBe(operations.find('{ a }', undefined));
  expect(operations.size).toBe(1);
});

test('each operation of a document is found by its name', () => {
  const operations = prepare();
  const text = 'query A { a } query B { b } mutation C { c }';
  for (const name of ['A', 'B', 'C']) expect(operations.find(text, name)?.operation.name?.value).toBe(name);
  for (const name of [undefined, 'D']) expect(operations.find(text, name)).toBeUndefined();
  expect(operations.size).toBe(1);
});

test.each(['{', '{ nothing }', 'subscription { d }', 'fragment F on Query { a }', ''])(
  '%j is left to others',
  (text) => {
    expect(prepare().find(text, undefined)).toBeUndefined();
  },
);

test('the texts that are asked for again are kept, up to the limit', () => {
  const operations = prepare(12);
  const again = operations.find('{ a }', undefined);
  const once = operations.find('{ b }', undefined);
  operations.find('{ a }', undefined);
  operations.find('{a}', undefined);
  expect(operations.size).toBe(2);
  expect(operations.find('{ a }', undefined)).toBe(again);
  expect(operations.find('{ b }', undefined)).not.toBe(once);
});

test('a text beyond the limit is not kept for long', () => {
  const operations = prepare(12);
  const large = `{ ${'a '.repeat(100)}}`;
  for (const text of ['{ a }', large, large]) expect(operations.find(text, undefined)).toBeDefined();
  expect(operations.size).toBe(1);
  operations.find('{ b }', undefined);
  operations.find('{ a }', undefined);
  expect(operations.size).toBe(2);
});
