import { buildSchema, getOperationAST, parse, print, validate } from 'graphql';
import { normaliseOperation } from './normalise-operation.ts';

const schema = buildSchema(`
  type Query { product(id: ID!): Product products(first: Int, ids: [ID!], filter: Filter): [Product!]! now(zone: Zone): String }
  input Filter { text: String! weight: Float mood: Mood }
  enum Mood { GOOD BAD }
  scalar Zone
  type Product { id: ID! name(locale: String): String! parent: Product price(currency: String, exact: Boolean): Int }
`);
const plannerFields = new Map([
  ['__typename', false],
  ['id', false],
  ['price', true],
]);

function normalise(source: string, operationName?: string) {
  const document = parse(source);
  expect(
    validate(schema, document)
      .map(String)
      .filter((message) => !message.includes('is never used')),
  ).toEqual([]);
  const normalised = normaliseOperation(document, getOperationAST(document, operationName)!, { schema, plannerFields });
  expect(validate(schema, normalised.document)).toEqual([]);
  expect(print(parse(normalised.text))).toBe(normalised.text);
  return {
    text: normalised.text.replace(/\s+/g, ' '),
    values: normalised.getVariables({}),
    getVariables: normalised.getVariables,
  };
}
const toText = (source: string, operationName?: string) => normalise(source, operationName).text;

test.each([
  ['a name', 'query A { product(id: "1") { name } }', 'query { product(id: "1") { name } }'],
  ['white space and commas', '{product(id:"1"),{name}}', '{ product(id: "1") { name } }'],
  ['a literal', '{ product(id: "1") { name } }', '{ product(id: "2") { name } }'],
  [
    'an identifier written as a number',
    '{ product(id: "1") { name } }',
    '{ product(id: 12345678901234567890) { name } }',
  ],
  ['an alias that is the name', '{ product: product(id: "1") { name: name } }', '{ product(id: "1") { name } }'],
  [
    'the names and the order of fragments, and an unused one',
    '{ product(id: "1") { ...A ...B } } fragment A on Product { name } fragment B on Product { id }',
    '{ product(id: "1") { ...X ...Y } } fragment Y on Product { id } fragment X on Product { name } fragment Z on Query { now }',
  ],
])('operations that differ in %s are the same', (_difference, one, other) => {
  expect(toText(one)).toBe(toText(other));
});

test.each([
  ['an alias', '{ product(id: "1") { name } }', '{ product(id: "1") { a: name } }'],
  ['the order of fields', '{ product(id: "1") { name price } }', '{ product(id: "1") { price name } }'],
  ['a condition', '{ product(id: "1") { name @skip(if: true) } }', '{ product(id: "1") { name @skip(if: false) } }'],
  [
    'a null variable default',
    'query($n: Int) { products(first: $n) { name } }',
    'query($n: Int = 1) { products(first: $n) { name } }',
  ],
  [
    'equal literals',
    '{ a: product(id: "1") { name } b: product(id: "1") { name } }',
    '{ a: product(id: "1") { name } b: product(id: "2") { name } }',
  ],
])('operations that differ in %s are different', (_difference, one, other) => {
  expect(toText(one)).not.toBe(toText(other));
});

test('only the chosen operation is left, without its name', () => {
  const source = 'query A { now } query B { product(id: "1") { ...F } } fragment F on Product { name }';
  expect(toText(source, 'A')).toBe('{ now }');
  expect(toText(source, 'B')).toBe(
    'query ($literal0: ID!) { product(id: $literal0) { ...F0 } } fragment F0 on Product { name }',
  );
});

test.each<[string, Record<string, unknown>]>([
  ['{ product(id: 7) { name(locale: "de") } }', { literal0: '7', literal1: 'de' }],
  ['{ products(first: null, ids: "1") { name } }', { literal0: null, literal1: '1' }],
  ['{ products(ids: ["1", 2]) { name } }', { literal0: ['1', '2'] }],
  [
    '{ products(filter: { text: "a", weight: 1.50, mood: GOOD }) { name } }',
    { literal0: { text: 'a', weight: 1.5, mood: 'GOOD' } },
  ],
  ['{ product(id: "1") { price(currency: "EUR", exact: true) } }', { literal0: '1', literal1: 'EUR', literal2: true }],
  // A custom scalar may have values that JSON does not have.
  ['{ now(zone: "UTC") }', { literal0: 'UTC' }],
  ['{ now(zone: 1.10) }', {}],
  ['{ now(zone: 12345678901234567890) }', {}],
  ['{ now(zone: UTC) }', {}],
  ['{ now(zone: { a: UTC }) }', {}],
  ['query($t: String!) { products(filter: { text: $t }) { name } }', {}],
  ['{ __type(name: "Query") { name } }', { literal0: 'Query' }],
  ['query($literal0: Int) { products(first: $literal0, ids: ["1"]) { name } }', { literal_0: ['1'] }],
])('the literals of %s are %j', (source, values) => {
  expect(normalise(source).values).toEqual(values);
});

test('values of the client are passed on', () => {
  const { getVariables } = normalise('query($n: Int) { products(first: $n, ids: ["1"]) { name } }');
  expect(getVariables({ n: 5 })).toEqual({ n: 5, literal0: ['1'] });
  const renamed = normalise('query($representations: Int) { products(first: $representations) { name } }');
  expect(renamed.text).toBe(
    'query ($client_representations: Int) { products(first: $client_representations) { name } }',
  );
  expect(renamed.getVariables({ representations: 5, other: 1 })).toEqual({ client_representations: 5, other: 1 });
  expect(renamed.getVariables(undefined)).toEqual({});
});

test('a response name is internal if it hides a field that the planner adds', () => {
  const source = `query($c: String) { product(id: "1") {
    id: name name: id __typename x: __typename price(currency: $c) parent { id price: id renamed_id: name } } }`;
  expect(toText(source)).toBe(
    'query ($c: String, $literal0: ID!) { product(id: $literal0) { renamed_id_: name name: id __typename x: __typename ' +
      'renamed_price: price(currency: $c) parent { id renamed_price: id renamed_id: name } } }',
  );
});

test('descriptions are left out', () => {
  const { text } = normalise('"Finds one." query Find("Its id." $id: ID!) { product(id: $id) { id } }');
  expect(text).toBe(normalise('query Find($id: ID!) { product(id: $id) { id } }').text);
});
