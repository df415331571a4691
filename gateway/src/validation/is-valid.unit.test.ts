import { readdirSync, readFileSync } from 'node:fs';
import { Supergraph as ComposedSupergraph } from '@apollo/federation-internals';
import { createRandom, type Random } from '@shop/testing';
import {
  buildSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  print,
  separateOperations,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { readSupergraph } from '../supergraph/index.ts';
import { isValid } from './is-valid.ts';
import { listRules } from './read-document.ts';

const schema = buildSchema(`
  directive @once(at: Int!) on FIELD | QUERY | VARIABLE_DEFINITION | FRAGMENT_SPREAD | INLINE_FRAGMENT | FRAGMENT_DEFINITION
  directive @many repeatable on FIELD
  enum Colour { RED GREEN }
  input Filter { text: String, sizes: [Int!], nested: Filter, needed: Int! = 1, required: Boolean! }
  interface Node { id: ID! }
  type Thing implements Node { id: ID!, name(length: Int = 3): String, colour: Colour, others(first: Int!): [Thing!]! }
  type Other implements Node { id: ID!, name: Int }
  union Any = Thing | Other
  type Query { thing(id: ID): Thing, search(filter: Filter, colours: [Colour]): [Any], node: Node, other: Other, now: String }
  type Subscription { changed: Thing, ended: Thing }
`);

const valid = [
  '{ now }',
  'query Named($id: ID) { thing(id: $id) { ...T ... on Node { id } } } fragment T on Thing { name(length: 2) others(first: 1) { id } }',
  'fragment T on Thing { others(first: $n) { id } } query ($n: Int!) { thing { ...T } }',
  'query ($n: Int!) { thing { ...T } } fragment T on Thing { ...U } fragment U on Thing { others(first: $n) { id } }',
  'query ($f: Filter, $c: Colour = RED) { search(filter: $f, colours: [$c, GREEN]) { __typename ... on Thing { colour } } }',
  '{ search(filter: { text: "a", sizes: [1, 2], nested: { required: false }, required: true }) { ... on Node { id } } }',
  'query ($s: Boolean! @once(at: 2)) @once(at: 1) { now @many @many @skip(if: $s) }',
  'subscription { changed { id } }',
  '{ __schema { types { name fields { name } } } }',
  'query A { now } query B { a: now }',
];

/** Each breaks at least one rule. */
const invalid = [
  'type A { a: Int } query { now }',
  'query A { now } query A { now }',
  '{ now } query A { now }',
  'subscription { changed { id } ended { id } }',
  'query ($x: Nothing) { thing(id: $x) { id } }',
  '{ search { ... on Nothing { id } } }',
  '{ now { ... on String { x } } }',
  'query ($x: Thing) { thing(id: $x) { id } }',
  '{ thing }',
  '{ now { x } }',
  '{ nothing }',
  '{ search { id } }',
  '{ thing { ...T } } fragment T on Thing { id } fragment T on Thing { name }',
  '{ thing { ...Missing } }',
  '{ now } fragment T on Thing { id }',
  '{ thing { ... on Other { id } } }',
  '{ thing { ...O } } fragment O on Other { id }',
  '{ thing { ...T } } fragment T on Thing { ...U } fragment U on Thing { ...T }',
  'query ($a: Int, $a: Int) { thing { name(length: $a) } }',
  '{ thing { name(length: $a) } }',
  '{ thing { ...T } } fragment T on Thing { name(length: $a) }',
  'fragment T on Thing { name(length: $a) } query A($a: Int) { thing { ...T } } query B { thing { ...T } }',
  'query ($a: Int) { now }',
  '{ now @nothing }',
  '{ thing @once(at: 1) @once(at: 2) { id } }',
  'query @skip(if: true) { now }',
  '{ thing(nothing: 1) { id } }',
  '{ now @many(x: 1) }',
  '{ thing(id: 1, id: 2) { id } }',
  '{ thing { name(length: "a") } }',
  '{ search(filter: { required: 1 }) { __typename } }',
  '{ search(filter: { text: "a" }) { __typename } }',
  '{ search(colours: [BLUE]) { __typename } }',
  '{ thing { others { id } } }',
  '{ now @skip }',
  'query ($n: Int) { thing { others(first: $n) { id } } }',
  'query ($n: Int) { thing { ...T } } fragment T on Thing { others(first: $n) { id } }',
  '{ thing { name name: colour } }',
  '{ search { ... on Thing { name } ... on Other { name } } }',
  '{ thing { name(length: 1) ...T } } fragment T on Thing { name(length: 2) }',
  '{ search(filter: { required: true, required: true }) { __typename } }',
  '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
];

const judge = (
  in_: GraphQLSchema,
  document: DocumentNode,
  rules: readonly ValidationRule[] = specifiedRules,
): boolean => validate(in_, document, rules, { maxErrors: 1 }).length === 0;

test.each(valid)('valid: %s', (text) => {
  expect(judge(schema, parse(text))).toBe(true);
  expect(isValid(schema, parse(text), specifiedRules)).toBe(true);
});

test.each(invalid)('not valid: %s', (text) => {
  expect(judge(schema, parse(text))).toBe(false);
  expect(isValid(schema, parse(text), specifiedRules)).toBe(false);
});

test.each(specifiedRules.map((rule) => [rule.name, rule] as const))(
  '%s alone finds what it finds within validate',
  (_name, rule) => {
    const documents = [...valid, ...invalid].map((text) => parse(text));
    const found = documents.map((document) => judge(schema, document, [rule]));
    expect(documents.map((document) => isValid(schema, document, [rule]))).toEqual(found);
    expect(found).toContain(false);
    expect(found).toContain(true);
  },
);

test('a rule that leaves out a node does not see what is below it', () => {
  const seen: string[] = [];
  const rule: ValidationRule = () => ({
    Field: {
      enter({ name }) {
        seen.push(name.value);
        return name.value === 'others' ? false : undefined;
      },
      leave: ({ name }) => void seen.push(`/${name.value}`),
    },
  });
  const document = parse('{ thing { others(first: 1) { id } name } now }');
  judge(schema, document, [rule]);
  const expected = seen.splice(0);
  isValid(schema, document, [rule]);
  expect(seen).toEqual(expected);
  expect(seen).toEqual(['thing', 'others', 'name', '/name', '/thing', 'now', '/now']);
});

test('without introspection, documents may not ask for the schema', () => {
  const rules = listRules({ hasIntrospection: false });
  expect(rules).toContain(NoSchemaIntrospectionCustomRule);
  expect(isValid(schema, parse('{ __schema { queryType { name } } }'), rules)).toBe(false);
  expect(isValid(schema, parse('{ thing { __typename } }'), rules)).toBe(true);
});

test('operations of clients with random changes are judged as by validate', () => {
  const { plannerSdl } = readSupergraph(readFileSync('gateway/supergraph.graphql', 'utf8'));
  const shop = ComposedSupergraph.build(plannerSdl).apiSchema().toGraphQLJSSchema();
  const operations = readOperations();
  for (const text of operations) expect(isValid(shop, parse(text), specifiedRules)).toBe(true);
  const random = createRandom(11);
  const counts = { valid: 0, invalid: 0 };
  for (let round = 0; round < 2_000; round += 1) {
    const text = change(random.pick(operations), random);
    const expected = judge(shop, parse(text));
    counts[expected ? 'valid' : 'invalid'] += 1;
    if (isValid(shop, parse(text), specifiedRules) !== expected)
      throw new Error(`validate says otherwise (valid: ${expected}): ${text}`);
  }
  expect(counts.valid).toBeGreaterThan(200);
  expect(counts.invalid).toBeGreaterThan(500);
});

/** Each operation with the fragments that it uses. */
function readOperations(): readonly string[] {
  const folder = 'clients/operations';
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  const all = parse(files.map((name) => readFileSync(`${folder}/${name}`, 'utf8')).join('\n'));
  return Object.values(separateOperations(all)).map((document) => print(document));
}

/** Replaces a name by another one of the text, removes an exclamation mark or an argument, or repeats a definition. */
function change(text: string, random: Random): string {
  const names = [...text.matchAll(/[A-Za-z_]\w*/g)];
  const kind = random.below(8);
  if (kind === 0) return text.replace('!', '');
  if (kind === 1) return text.replace(/\([^()$]*\)/, '');
  if (kind === 2) return `${text}\n${print(random.pick(parse(text).definitions))}`;
  const [from, to] = [random.pick(names), random.pick(names)];
  const changed = text.slice(0, from.index) + to[0] + text.slice(from.index + from[0].length);
  return isReadable(changed) ? changed : text;
}

function isReadable(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
