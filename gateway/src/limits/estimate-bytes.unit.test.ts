import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Supergraph as Composed } from '@apollo/federation-internals';
import {
  concatAST,
  executeSync,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  parse,
  separateOperations,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
} from 'graphql';
import { readSupergraph } from '../supergraph/index.ts';
import { createByteEstimator } from './estimate-bytes.ts';
import { defaultLimits } from './operation-limits.ts';

const supergraph = readSupergraph(readFileSync('gateway/supergraph.graphql', 'utf8'));
const estimate = createByteEstimator(supergraph);
const findBytes = (source: string, variables?: Record<string, unknown>, sdl?: string) => {
  const document = parse(source);
  const estimateBytes = sdl === undefined ? estimate : createByteEstimator(readSupergraph(sdl));
  return estimateBytes(document, getOperationAST(document)!, variables).cost;
};

const small = `
  schema @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost", "@listSize"])
    @link(url: "https://specs.shop.example/shop/v0.1", import: [{ name: "@assumedLength", as: "@long" }]) { query: Q }
  type Q { a: Int s: String l: String @long(characters: 700) m: Mood ids: [ID!] @listSize(assumedSize: 3) c(first: Int): C
    @listSize(slicingArguments: ["first"], sizedFields: ["nodes"]) o: Other }
  type C { nodes: [T!] n: Int }
  type T { s: String }
  enum Mood { GOOD EXCELLENT }
  scalar Other`;

test.each([
  ['{ a }', 1 + 4 + 11],
  ['{ alias: a }', 5 + 4 + 11],
  ['{ a b: a }', 2 * (1 + 4 + 11)],
  ['{ s }', 1 + 4 + 52],
  ['{ l }', 1 + 4 + 702],
  ['{ m }', 1 + 4 + 11],
  ['{ o }', 1 + 4 + 52],
  ['{ __typename }', 10 + 4 + 52],
  ['{ ids }', 3 * (3 + 4 + 38)],
  ['{ c(first: 7) { n nodes { s } } }', 1 + 4 + 3 + (1 + 4 + 11) + 7 * (5 + 4 + 3 + (1 + 4 + 52))],
  ['{ c(first: 7) { ...F } } fragment F on C { n nodes { s } }', 24 + 7 * 69],
])('%s has %d bytes', (source, bytes) => {
  expect(findBytes(source, {}, small)).toBe(bytes);
});

const folder = 'clients/operations';
const operations = Object.entries(
  separateOperations(
    concatAST(
      readdirSync(folder, { encoding: 'utf8' })
        .filter((file) => file.endsWith('.graphql'))
        .map((file) => parse(readFileSync(path.join(folder, file), 'utf8'))),
    ),
  ),
).filter(([name]) => name !== '');
const page = { first: 100, last: 100 };

/** The largest answer that the schema expects: lists of the sizes that it assumes, texts of the lengths that it assumes. */
const api = Composed.build(supergraph.plannerSdl, { validateSupergraph: false }).apiSchema().toGraphQLJSSchema();

function createValue(
  type: GraphQLOutputType,
  size: number,
  info: GraphQLResolveInfo,
  sizes: Record<string, number>,
): unknown {
  if (isNonNullType(type)) return createValue(type.ofType, size, info, sizes);
  if (isListType(type)) return Array.from({ length: size }, () => createValue(type.ofType, size, info, sizes));
  const named = getNamedType(type);
  if (!isLeafType(named)) return { sizes };
  if (isEnumType(named)) return named.getValues().toSorted((a, b) => b.name.length - a.name.length)[0]?.value;
  if (named.name === 'Boolean') return false;
  if (named.name === 'Int') return -2_147_483_648;
  if (named.name === 'ID') return '0b9a2c1e-5d0f-4f6c-8a5e-2f6d7f1c9e11';
  const bytes = supergraph.getField(info.parentType.name, info.fieldName)?.cost.bytes ?? 0;
  return named.name === 'MinorUnits' ? 1_000_000_000_000_000 : 'x'.repeat(bytes - 2);
}

function answer(document: ReturnType<typeof parse>): number {
  const { data } = executeSync({
    schema: api,
    document,
    variableValues: {
      ...page,
      ids: ['1'],
      ...Object.fromEntries(
        getOperationAST(document)?.variableDefinitions?.flatMap(({ variable, type }) =>
          type.kind === 'NonNullType' ? [[variable.name.value, undefined]] : [],
        ) ?? [],
      ),
    },
    rootValue: { sizes: {} },
    fieldResolver(source: { sizes: Record<string, number> }, args: Record<string, unknown>, _context, info) {
      const cost = supergraph.getField(info.parentType.name, info.fieldName)?.cost;
      const given = cost?.listSize?.slicingArguments.map((name) => args[name]).find((size) => typeof size === 'number');
      const size = source.sizes[info.fieldName] ?? (given as number | undefined) ?? cost?.listSize?.assumedSize ?? 10;
      const below = Object.fromEntries((cost?.listSize?.sizedFields ?? []).map((name) => [name, size]));
      return createValue(info.returnType, size, info, below);
    },
    typeResolver: (_value, _context, _info, type) =>
      isAbstractType(type) ? api.getPossibleTypes(type)[0]?.name : undefined,
  });
  return JSON.stringify(data ?? null).length;
}

test('the operations of the clients are below the limit, with pages of 100', () => {
  expect(operations.length).toBeGreaterThan(35);
  for (const [name, document] of operations) {
    const { cost } = estimate(document, getOperationAST(document)!, page);
    expect([name, cost <= defaultLimits.maxResponseBytes / 2]).toEqual([name, true]);
  }
});

test('an answer with the assumed sizes and lengths has no more bytes than the estimate', () => {
  let compared = 0;
  for (const [name, document] of operations) {
    const actual = answer(document);
    if (actual < 10) continue; // a variable without a value
    compared += 1;
    const { cost } = estimate(document, getOperationAST(document)!, page);
    expect({ name, isBounded: actual <= cost + 20 }).toEqual({ name, isBounded: true });
  }
  expect(compared).toBeGreaterThan(10);
});

const repeat = (count: number, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ');

test.each([
  [
    '985 aliases of a reason in 100 orders',
    `{ me { orders(first: 100) { nodes { ${repeat(985, (n) => `a${n}: statusReason`)} } } } }`,
  ],
  [
    '985 aliases of a short text in 100 orders',
    `{ me { orders(first: 100) { nodes { ${repeat(985, (n) => `a${n}: number`)} } } } }`,
  ],
  ['990 aliases in 100 products', `{ products(first: 100) { nodes { ${repeat(990, (n) => `a${n}: sku`)} } } }`],
  [
    '990 aliases of __typename in 100 products',
    `{ products(first: 100) { nodes { ${repeat(990, (n) => `a${n}: __typename`)} } } }`,
  ],
  [
    '9 descriptions of 100 products',
    `{ products(first: 100) { nodes { ${repeat(9, (n) => `a${n}: description`)} } } }`,
  ],
])('%s exceed the limit', (_name, source) => {
  expect(findBytes(source)).toBeGreaterThan(defaultLimits.maxResponseBytes);
});
