import { readFileSync } from 'node:fs';
import { Supergraph } from '@apollo/federation-internals';
import { readSupergraph } from './read-supergraph.ts';
import { supergraphSdl } from './test/access-supergraph.ts';

const committed = readFileSync('gateway/supergraph.graphql', 'utf8');
const scopes = (...lists: string[][]) => ({ kind: 'scopes', anyOf: lists });
const authenticated = { kind: 'authenticated' };

test('the planner refuses the committed supergraph, and loads it without the access rules', () => {
  expect(() => Supergraph.build(committed)).toThrow(/SECURITY/);
  const { plannerSdl: stripped } = readSupergraph(committed);
  expect(stripped).not.toMatch(/SECURITY\)|@authenticated|[rR]equiresScopes/);
  expect(Supergraph.build(stripped).apiSchema().type('Query')).toBeDefined();
});

test('a supergraph without access rules is unchanged', () => {
  const plain = 'schema @link(url: "https://specs.apollo.dev/link/v1.0") { query: Query }\ntype Query { a: Int }';
  const found = readSupergraph(plain);
  expect(found.plannerSdl).toBe(plain);
  expect(found.getRequirements('Query', 'a')).toEqual([]);
});

test.each([
  ['Query', 'open', []],
  ['Query', 'signedIn', [authenticated]],
  ['Query', 'either', [scopes(['a', 'b'], ['c'])]],
  // Requirements of the returned type: an object, an enum, a scalar.
  ['Query', 'vault', [scopes(['staff'])]],
  ['Query', 'mood', [authenticated]],
  ['Query', 'code', [scopes(['staff'])]],
  ['Query', 'codeArgument', []],
  ['Vault', 'gold', [scopes(['staff'])]],
  // Requirements of any type that implements the interface.
  ['Node', 'label', [authenticated]],
  ['Node', 'id', []],
  ['Nothing', 'nothing', []],
])('%s.%s', (type, field, requirements) => {
  expect(readSupergraph(supergraphSdl).getRequirements(type, field)).toEqual(requirements);
});

describe('names', () => {
  const fields = (directives: string) => `{ query: Query }
    directive @link(url: String, as: String, for: String, import: [String]) repeatable on SCHEMA
    type Query { a: Int ${directives} }`;

  test.each([
    ['as', 'schema @link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "auth", for: SECURITY)', '@auth'],
    [
      'import',
      'schema @link(url: "https://specs.apollo.dev/authenticated/v0.1", ' +
        'import: [{ name: "@authenticated", as: "@signedIn" }], for: SECURITY)',
      '@signedIn',
    ],
    [
      'import without another name',
      'schema @link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "auth", import: ["@authenticated"], for: SECURITY)',
      '@authenticated',
    ],
    [
      'extend schema',
      'extend schema @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)\nschema',
      '@authenticated',
    ],
  ])('%s', (_name, schema, use) => {
    const found = readSupergraph(`${schema} ${fields(use)} directive ${use} on FIELD_DEFINITION`);
    expect(found.getRequirements('Query', 'a')).toEqual([authenticated]);
    expect(found.plannerSdl).not.toContain(use);
    expect(found.plannerSdl).not.toContain('SECURITY');
  });

  test('scopes with a renamed scalar', () => {
    const found = readSupergraph(`
      schema @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", import: [
        { name: "@requiresScopes", as: "@needs" }, { name: "Scope", as: "Right" }
      ], for: SECURITY)
      ${fields('@needs(scopes: [["x"]])')} scalar Right directive @needs(scopes: [[Right!]!]!) on FIELD_DEFINITION`);
    expect(found.getRequirements('Query', 'a')).toEqual([scopes(['x'])]);
    expect(found.plannerSdl).not.toMatch(/Right|needs/);
  });

  test('an unlinked directive of the same name is ignored', () => {
    const found = readSupergraph(`schema ${fields('@authenticated')} directive @authenticated on FIELD_DEFINITION`);
    expect(found.getRequirements('Query', 'a')).toEqual([]);
    expect(found.plannerSdl).toContain('@authenticated');
  });
});

test.each([
  ['policy/v0.1', 'uses @policy, which this gateway does not enforce'],
  ['authenticated/v0.2', 'uses authenticated v0.2; this gateway enforces v0.1'],
  ['authenticated', 'uses authenticated without a version; this gateway enforces v0.1'],
  ['requiresScopes/v1.0', 'uses requiresScopes v1.0; this gateway enforces v0.1'],
])('a supergraph with %s is refused', (specification, message) => {
  const sdl = `schema @link(url: "https://specs.apollo.dev/${specification}", for: SECURITY) { query: Query } type Query { a: Int }`;
  expect(() => readSupergraph(sdl)).toThrow(message);
});

test('the planner refuses an unknown SECURITY link', () => {
  const sdl = committed.replace(
    '@link(url: "https://specs.apollo.dev/link/v1.0")',
    '$& @link(url: "https://example.com/firewall/v1.0", for: SECURITY)',
  );
  expect(() => Supergraph.build(readSupergraph(sdl).plannerSdl)).toThrow(/firewall/);
});
