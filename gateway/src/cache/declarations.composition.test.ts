import { readFileSync } from 'node:fs';
import { changeWatches } from '@shop/contracts';
import { readSupergraph, type CacheInput } from '../supergraph/index.ts';
import { Channels } from './channels.ts';
import { readFetchRule } from './read-fetch-rule.ts';
import type { Source } from './source.ts';

const supergraph = readSupergraph(readFileSync('gateway/supergraph.graphql', 'utf8'));
const stream: Source = { name: 'PRODUCT', flushedAt: 0, isCurrent: () => true };
const channels = new Channels(() => stream);
const catalogue = channels.find(['shop.product.created.v1', 'shop.product.updated.v1', 'shop.product.deleted.v1'])?.id;
const stock = channels.find(['shop.inventory.updated.v1'])?.id;
const categories = channels.find([
  'shop.category.created.v1',
  'shop.category.updated.v1',
  'shop.category.deleted.v1',
])?.id;

const read = (text: string) => readFetchRule(text, supergraph, channels);
const tagsOf = (text: string, data: unknown, variables = {}) =>
  [...(read(text)?.listTags(data, variables) ?? [])].sort();

test('each event of a declaration is one that the gateway follows', () => {
  const followed = new Set(changeWatches.flatMap(({ subjects }) => subjects));
  const listInputs = (inputs: ReadonlyMap<string, CacheInput>, seen = new Set<unknown>()): string[] =>
    [...inputs.values()].flatMap(({ events, members }) => {
      if (seen.has(members)) return [...events];
      seen.add(members);
      return [...events, ...listInputs(members, seen)];
    });
  const named = [...supergraph.types.values()].flatMap(({ fields }) =>
    [...fields.values()].flatMap(({ cacheRule, cacheInputs }) => [
      ...(cacheRule?.events ?? []),
      ...listInputs(cacheInputs),
    ]),
  );
  expect(named.length).toBeGreaterThan(20);
  expect([...new Set(named)].filter((type) => !followed.has(type))).toEqual([]);
});

test('each field that a declaration names exists', () => {
  const sdl = supergraph.sdl.match(/^type \w+[^{]*@cached[^{]*\{/gm) ?? [];
  expect(sdl.length).toBeGreaterThan(3);
  for (const head of sdl) {
    const type = /^type (\w+)/.exec(head)?.[1] ?? '';
    for (const [, fields = ''] of head.matchAll(/fields: "([^"]*)"/g))
      for (const field of fields.split(' '))
        expect(`${type}.${field}: ${supergraph.getField(type, field)?.name}`).toBe(`${type}.${field}: ${field}`);
  }
});

test('a page of products depends on every product, and on the stock of those whose stock it shows', () => {
  const nodes = [
    { id: 'A', price: { amount: 1 } },
    { id: 'b', price: { amount: 2 } },
  ];
  const data = { products: { nodes } };
  expect(tagsOf('{ products(first: 20) { nodes { id name price { amount } } } }', data)).toEqual([`${catalogue}`]);
  expect(tagsOf('{ products { nodes { id availableQuantity } pageInfo { endCursor } totalCount } }', data)).toEqual(
    [`${catalogue}`, `${stock}:a`, `${stock}:b`].sort(),
  );
  // Without ids nobody knows whose stock it is.
  expect(tagsOf('{ products { nodes { inStock } } }', { products: { nodes: [{ inStock: true }] } })).toEqual(
    [`${catalogue}`, `${stock}`].sort(),
  );
});

test('a filter by stock or by category adds what it depends on, and only where it is given', () => {
  const list = 'query ($filter: ProductFilter) { products(filter: $filter) { nodes { id } } }';
  const data = { products: { nodes: [] } };
  expect(tagsOf(list, data, { filter: { search: 'x' } })).toEqual([`${catalogue}`]);
  expect(tagsOf(list, data, { filter: { inStock: false } })).toEqual([`${catalogue}`, `${stock}`].sort());
  expect(tagsOf(list, data, { filter: { category: 'mugs' } })).toEqual([`${catalogue}`, `${categories}`].sort());
  expect(tagsOf('{ products(filter: { inStock: true }) { nodes { id } } }', data)).toContain(`${stock}`);
});

test('a product depends on itself, also where there is none', () => {
  const product = 'query ($id: ID!) { product(id: $id) { id name } }';
  expect(tagsOf(product, { product: null }, { id: 'P' })).toEqual([`${catalogue}:p`]);
  expect(read(product)?.share).toEqual({ isPrivate: false, scopes: ['product:write'] });
  const entity =
    'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { name inStock } } }';
  const rule = read(entity);
  expect(rule?.share).toEqual({ isPrivate: false, scopes: [] });
  expect([...(rule?.listTags({ name: 'x' }, {}, '{"__typename":"Product","id":"P"}') ?? [])].sort()).toEqual(
    [`${catalogue}:p`, `${stock}:p`].sort(),
  );
  expect(rule?.listTags(null, {}, '{"__typename":"Product","sku":"S"}')).toEqual([`${catalogue}`, `${stock}`]);
});

test.each([
  '{ products { nodes { id inventory { onHand } } } }',
  '{ availability(items: []) { ok } }',
  '{ lowStock { nodes { id } } }',
  '{ me { id } }',
  '{ orders { nodes { id } } }',
  'mutation { deleteProduct(input: { id: "a" }) { __typename } }',
])('%s is not kept', (text) => {
  expect(read(text)).toBeUndefined();
});
