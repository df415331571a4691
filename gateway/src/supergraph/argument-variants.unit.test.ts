import { readLinks } from '@shop/access';
import { parse, print, type FieldNode } from 'graphql';
import { addArgumentVariants } from './argument-variants.ts';
import { parseSelections } from './parse-selections.ts';

const head = `schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) {
  query: Query
}
type Query { t: T }`;

function add(source: string) {
  const document = parse(`${head} ${source}`, { noLocation: true });
  const added = addArgumentVariants(document, readLinks(document));
  return { ...added, given: document, text: print(added.document) };
}
const requires = (fields: string) => `@join__field(graph: B, requires: ${JSON.stringify(fields)})`;
const toField = (text: string) => parseSelections(text).selections[0] as FieldNode;

test('a field with two sets of arguments gets a variant in the same subgraphs, without arguments', () => {
  const { text, variants } = add(`type T {
    "A price."
    price(in: Int): Int! @join__field(graph: A) @join__field(graph: B, external: true) @deprecated
    one: Int ${requires('price(in: 1) x')}
    two: Int ${requires('price(in: 2) { y }')}
  }`);
  const expected = `type T {
    "A price."
    price(in: Int): Int! @join__field(graph: A) @join__field(graph: B, external: true) @deprecated
    one: Int ${requires('price(in: 1) x')}
    two: Int ${requires('price__v1 {\n  y\n}')}
    price__v1: Int! @join__field(graph: A) @join__field(graph: B, external: true)
  }`;
  expect(text).toBe(print(parse(`${head} ${expected}`)));
  expect([...variants.fields.keys()]).toEqual(['price__v1']);
  expect(print(variants.fields.get('price__v1')?.arguments[0] ?? parse('{ none }'))).toBe('in: 2');
  expect(['price', 'x'].map(variants.hasVariants)).toEqual([true, false]);
  expect(
    ['price(in: 1)', 'price(in: 2)', 'price(in: 3)', 'x'].map((field) => variants.getPlanName(toField(field))),
  ).toEqual(['price', 'price__v1', 'price', 'x']);
});

test.each([
  ['one set of arguments', ['price(in: 1)', 'x price(in: 1)']],
  ['another order', ['price(in: 1, of: 2)', 'price(of: 2, in: 1)']],
  ['a block string', ['price(name: "a")', 'price(name: """a""")']],
  ['no arguments', ['price', 'price']],
])('%s needs no variant', (_case, [one = '', two = '']) => {
  const { document, given, variants } = add(`type T {
    price(in: Int, of: Int, name: String): Int @join__field(graph: A) x: Int
    one: Int ${requires(one)} two: Int ${requires(two)}
  }`);
  expect(document).toBe(given);
  expect(variants.fields.size).toBe(0);
});

test('a field without arguments is a set too, and nested fields are found', () => {
  const { text } = add(`type T { u: U one: Int ${requires('u { price }')} two: Int ${requires('u { price(in: 2) }')} }
    type U { price(in: Int): Int }`);
  expect(text).toContain('requires: "u {\\n  price__v1\\n}"');
  expect(text).toMatch(/type U \{\s+price\(in: Int\): Int\s+price__v1: Int\s+\}/);
});

test('an interface and its types have the same variants, and other types none', () => {
  const { document } = add(`
    interface I { price(in: Int): Int }
    type T implements I { price(in: Int): Int i: I one: Int ${requires('i { price(in: 1) }')} two: Int ${requires('price(in: 2)')} }
    type U implements I { price(in: Int): Int }
    type V { price(in: Int): Int }`);
  const typesWithVariant = document.definitions.flatMap((node) =>
    'fields' in node && node.fields?.some(({ name }) => name.value === 'price__v1') === true ? [node.name.value] : [],
  );
  expect(typesWithVariant).toEqual(['I', 'T', 'U']);
});

test('a variant takes no name that the supergraph has', () => {
  const { variants } = add(`type T { price(in: Int): Int price__v1: Int
    one: Int ${requires('price(in: 1)')} two: Int ${requires('price(in: 2)')} three: Int ${requires('price(in: 3)')} }`);
  expect([...variants.fields.keys()]).toEqual(['price__v1_', 'price__v2']);
});
