import { readFileSync } from 'node:fs';
import { getIntrospectionQuery, getOperationAST, parse } from 'graphql';
import { readSupergraph } from '../supergraph/index.ts';
import { createCostEstimator } from './estimate-cost.ts';
import { measureStructure } from './measure-structure.ts';
import { defaultLimits } from './operation-limits.ts';

const measure = (source: string) => measureStructure(parse(source));

const committed = createCostEstimator(readSupergraph(readFileSync('gateway/supergraph.graphql', 'utf8')));
const estimate = (source: string, variables?: Record<string, unknown>, sdl?: string) => {
  const document = parse(source);
  const estimateCost = sdl === undefined ? committed : createCostEstimator(readSupergraph(sdl));
  return estimateCost(document, getOperationAST(document)!, variables);
};
const findCost = (...args: Parameters<typeof estimate>) => estimate(...args).cost;

/** Each fragment spreads the next one twice. */
const doubling = (count: number) =>
  [
    `{ me { ...F${count} } }`,
    'fragment F0 on User { id }',
    ...Array.from(
      { length: count },
      (_, index) =>
        `fragment F${index + 1} on User { orders { nodes { a: customer { ...F${index} } b: customer { ...F${index} } } } }`,
    ),
  ].join('\n');

describe('structure', () => {
  test.each([
    ['{ a }', { depth: 1, selections: 1, aliases: 0 }],
    ['{ a { b { c } } d }', { depth: 3, selections: 4, aliases: 0 }],
    ['{ a { ... { ... on X { b } } } }', { depth: 2, selections: 4, aliases: 0 }],
    ['{ ...F a { ...F } } fragment F on X { b { c } }', { depth: 3, selections: 7, aliases: 0 }],
    ['{ x: a y: a x: a ...F ...F } fragment F on Query { z: a { inner: b } }', { depth: 2, selections: 9, aliases: 3 }],
    ['{ a @skip(if: true) { b { c } } d @include(if: false) }', { depth: 3, selections: 4, aliases: 0 }],
    ['{ __typename a { __typename } }', { depth: 2, selections: 3, aliases: 0 }],
    ['{ __schema { types { ofType { ofType { name } } } } }', { depth: 1, selections: 5, aliases: 0 }],
  ])('%s', (source, expected) => {
    expect(measure(source)).toMatchObject(expected);
  });

  test.each([
    ['{ a b c }', 1],
    ['{ a a { b } x: a { b b b } }', 3],
    ['{ x: a x: a ...F } fragment F on Query { a a a }', 3],
    ['{ ... { a a } ... { a } }', 2],
  ])('repetitions of %s', (source, repetitions) => {
    expect(measure(source)).toMatchObject({ repetitions });
  });

  test('counts all operations, since the planner expands the fragments of all of them', () => {
    expect(measure('query A { a } query B { x: b { c { d } } }')).toMatchObject({
      depth: 3,
      selections: 4,
      aliases: 1,
    });
  });

  test('measures doubling fragments in linear time, and stays finite', () => {
    expect(measure(doubling(16))).toMatchObject({ depth: 50 });
    expect(measure(doubling(16)).selections).toBeGreaterThan(2 ** 17);
    expect(measure(doubling(100)).selections).toBe(Number.MAX_SAFE_INTEGER);
  }, 5_000);
});

describe('cost', () => {
  test('of counts is that of counting: one for each category is accepted, and hundreds are not', () => {
    const count = (aliases: number) =>
      `{ categories { ${Array.from({ length: aliases }, (_, at) => `a${at}: products(first: 1) { totalCount }`).join(' ')} } }`;
    expect(findCost(count(1))).toBe(50 * 102);
    expect(findCost(count(1))).toBeLessThan(defaultLimits.maxCost);
    expect(findCost(count(250))).toBeGreaterThan(defaultLimits.maxCost);
  });

  test.each([
    ['{ __typename }', 0],
    ['{ me { id } }', 1],
    ['{ me { __typename ...F } } fragment F on User { id orders { totalCount } }', 2],
    // A page of the default size, then pages of a given size, as nodes and as edges.
    ['{ products { nodes { id } } }', 1 + 20],
    ['{ products(first: 5) { nodes { price { amount } } } }', 1 + 5 * 2],
    ['{ products(first: 5) { edges { node { id } } pageInfo { hasNextPage } } }', 1 + 5 * 2 + 1],
    ['{ products(first: null) { nodes { id } } }', 1 + 20],
    ['{ products(first: -5) { nodes { id } } }', 1],
    ['{ users(last: 7) { nodes { id } } }', 1 + 7],
    ['{ users(first: 2, last: 7) { nodes { id } } }', 1 + 7],
    // A list with an assumed size, then a list without any size.
    ['{ order(id: 1) { items { id } } }', 1 + 20],
    ['{ me { sessions { id } } }', 1 + 10],
    // A fragment on a connection has the size of each connection that spreads it.
    [
      `{ a: products(first: 3) { ...P } b: products(first: 5) { ...P ... on ProductConnection { edges { cursor } } } }
       fragment P on ProductConnection { nodes { ...Q } pageInfo { endCursor } } fragment Q on Product { price { amount } }`,
      1 + 3 * 2 + 1 + (1 + 5 * 2 + 1 + 5),
    ],
    ['{ me { id @skip(if: true) orders @include(if: false) { totalCount } } }', 2],
    ['{ a: me { id } b: me { id } }', 2],
    ['mutation { a: revokeAllSessions { __typename } b: revokeAllSessions { __typename } }', 20],
    ['mutation { login(input: {}) { ... on LoginSuccess { user { id } } ... on TooManyAttempts { code } } }', 11],
  ])('%s', (source, expected) => {
    expect(findCost(source)).toBe(expected);
  });

  test('uses the value of a variable, then its default, then the page size', () => {
    const source = 'query ($n: Int = 3) { products(first: $n) { nodes { id } } }';
    expect(estimate(source)).toEqual({ cost: 4, dependsOnVariables: true });
    expect(findCost(source, { n: 9 })).toBe(10);
    expect(findCost(source, { n: null })).toBe(21);
    expect(findCost(source, { n: 'many' })).toBe(21);
    expect(findCost('query ($n: Int) { products(first: $n) { nodes { id } } }')).toBe(21);
    expect(estimate('query ($id: ID!) { product(id: $id) { id } }')).toEqual({ cost: 1, dependsOnVariables: false });
  });

  test('an infinite variable gives an estimate above the limit', () => {
    const source =
      'query ($n: Int) { me { orders(first: $n) { nodes { customer { orders(first: $n) { nodes { id } } } } } } }';
    expect(findCost(source, { n: Infinity })).toBe(Number.MAX_SAFE_INTEGER);
    expect(findCost('query ($n: Int) { products(first: $n) { pageInfo { endCursor } } }', { n: Infinity })).toBe(2);
  });

  test('reads @cost, renamed directives and defaults of arguments', () => {
    const sdl = `
      schema @link(url: "https://specs.apollo.dev/cost/v0.1", import: [
        { name: "@cost", as: "@price" }, { name: "@listSize", as: "@size" }
      ]) { query: Q }
      type Q {
        things(first: Int = 4): [Thing!]! @size(slicingArguments: ["first"]) dear: Thing @price(weight: 50)
        word: String @price(weight: 3) mood: Mood free: Thing @price(weight: -5)
      }
      type Thing @price(weight: 7) { id: ID }
      enum Mood @price(weight: 2) { GOOD }`;
    expect(findCost('{ things { id } }', {}, sdl)).toBe(4 * 7);
    expect(findCost('{ things(first: 2) { id } }', {}, sdl)).toBe(2 * 7);
    expect(findCost('{ dear { id } word mood free { id } }', {}, sdl)).toBe(55);
  });
});

test('a fragment on one type costs what each field says that spreads it', () => {
  const sdl = `
    schema @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost", "@listSize"]) { query: Q }
    type Q {
      byNodes(first: Int): Page @listSize(slicingArguments: ["first"], sizedFields: ["nodes"])
      byEdges(first: Int): Page @listSize(slicingArguments: ["first"], sizedFields: ["edges"])
    }
    type Page { nodes: [Thing!]! @listSize(assumedSize: 2) edges: [Edge!]! @listSize(assumedSize: 3) }
    type Edge { id: ID }
    type Thing { id: ID }`;
  const fields = { byNodes: 1 + 100 + 3, byEdges: 1 + 2 + 100 };
  const fragment = 'fragment P on Page { nodes { id } edges { id } }';
  for (const [field, cost] of Object.entries(fields))
    expect(findCost(`{ ${field}(first: 100) { ...P } } ${fragment}`, {}, sdl)).toBe(cost);
  const both = `{ byNodes(first: 100) { ...P } byEdges(first: 100) { ...P } } ${fragment}`;
  expect(findCost(both, {}, sdl)).toBe(fields.byNodes + fields.byEdges);
});

describe('the default limits', () => {
  const line = '{ id sku quantity unitPrice { amount } lineTotal { amount } product { name price { amount } } }';
  const order = `{ number total { amount } shippingAddress { city } customer { name } items ${line} }`;
  const nested = (levels: number): string =>
    levels === 0 ? 'id' : `orders { nodes { customer { ${nested(levels - 1)} } } }`;
  const isWithin = (source: string) => {
    const { depth, selections, aliases } = measure(source);
    return [
      depth <= defaultLimits.maxDepth,
      selections <= defaultLimits.maxSelections,
      aliases <= defaultLimits.maxAliases,
      findCost(source) <= defaultLimits.maxCost,
    ];
  };
  const logins = (count: number) =>
    `mutation { ${Array.from({ length: count }, (_, index) => `a${index}: login(input: {}) { __typename }`).join(' ')} }`;

  test('allow a full page of orders with their lines and products', () => {
    expect(findCost(`{ me { orders(first: 100) { nodes ${order} } } }`)).toBe(10_402);
    expect(isWithin(`{ me { orders(first: 100) { nodes ${order} } } }`)).toEqual([true, true, true, true]);
  });

  test('allow the introspection of tools', () => {
    expect(findCost(getIntrospectionQuery())).toBe(2_739);
    expect(
      isWithin(
        getIntrospectionQuery({
          specifiedByUrl: true,
          directiveIsRepeatable: true,
          schemaDescription: true,
          inputValueDeprecation: true,
          oneOf: true,
        }),
      ),
    ).toEqual([true, true, true, true]);
  });

  test('allow a hundred sign-ins in one request, and no more', () => {
    expect(isWithin(logins(100))).toEqual([true, true, true, true]);
    expect(isWithin(logins(101))).toEqual([true, true, false, true]);
  });

  test('allow three nested levels of orders of customers, and no more', () => {
    expect(isWithin(`{ me { ${nested(2)} } }`)).toEqual([true, true, true, true]);
    expect(findCost(`{ me { ${nested(3)} } }`)).toBe(17_262);
    expect(isWithin(`{ me { ${nested(3)} } }`)).toEqual([true, true, true, true]);
    expect(isWithin(`{ me { ${nested(4)} } }`)).toEqual([false, true, true, false]);
    expect(isWithin(`{ me { ${nested(5)} } }`)).toEqual([false, true, true, false]);
  });

  test('reject doubling fragments', () => {
    expect(isWithin(doubling(16)).slice(0, 2)).toEqual([false, false]);
  });
});

describe('the cost of arguments', () => {
  const sdl = `
    schema @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost"]) { query: Q }
    type Q { find(text: String @cost(weight: 5), filter: Filter, filters: [Filter!], free: Free): Int }
    input Filter { word: String @cost(weight: 100) and: Filter plain: Int }
    input Free { self: Free }`;

  test.each<[string, Record<string, unknown>, number]>([
    ['{ find }', {}, 0],
    ['{ find(text: "a") }', {}, 5],
    ['{ find(text: null) }', {}, 0],
    ['{ find(filter: { plain: 1 }) }', {}, 0],
    ['{ find(filter: { word: "a" }) }', {}, 100],
    ['{ find(filter: { word: "a", and: { word: "b", and: { plain: 1 } } }) }', {}, 200],
    ['{ find(filters: [{ word: "a" }, { word: "b" }]) }', {}, 200],
    ['query ($f: Filter) { find(filter: $f) }', { f: { word: 'a' } }, 100],
    ['query ($f: Filter) { find(filter: $f) }', {}, 0],
    ['query ($f: Filter = { word: "a" }) { find(filter: $f) }', {}, 100],
    ['query ($w: String) { find(filter: { word: $w }) }', { w: 'a' }, 100],
    ['query ($w: String) { find(filter: { word: $w }) }', { w: null }, 0],
    ['query ($t: String) { find(text: $t, filters: [{ and: { word: $t } }]) }', { t: 'a' }, 105],
    ['query ($f: Free) { find(free: $f) }', { f: { self: {} } }, 0],
  ])('%s with %j costs %d', (source, variables, cost) => {
    expect(findCost(source, variables, sdl)).toBe(cost);
  });

  test('a hundred searches in one operation exceed the limit', () => {
    const search = (count: number) =>
      findCost(
        `{ ${Array.from({ length: count }, (_, n) => `a${n}: products(filter: { search: "x" }) { totalCount }`).join(' ')} }`,
      );
    expect(search(100)).toBeGreaterThan(defaultLimits.maxCost);
    expect(search(20)).toBeLessThan(defaultLimits.maxCost);
  });
});
