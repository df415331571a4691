import type { GraphqlClient } from '@shop/testing';
import type { BenchProduct } from './generate-catalogue.ts';
import { generateCategories } from './generate-catalogue.ts';
import type { Random } from './random.ts';
import { firstAndLastWord, misspell, nouns, prefixOf } from './search-words.ts';
import { qualities } from './words.ts';

const VARIANTS = 200;
const PAGE = 20;
const CARD = 'id sku name price { amount currencyCode } category { slug name } availableQuantity';
const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

export const caseNames = [
  'first page',
  'page 500 by cursor',
  'category filter',
  'filter: out of stock',
  'filter: price, in stock',
  'category tree with counts',
  'search: a word',
  'search: two words',
  'search: a prefix',
  'search: misspelt',
  'search: a common word',
  'search: common, in a category',
  'search: common, out of stock',
  'search: common, price',
  'count: a word by price',
  'count: a common word by price',
  'count: in stock',
  'count: out of stock',
  'product by id',
  'three subgraphs',
] as const;
export type CaseName = (typeof caseNames)[number];

/** One kind of query, in many variants. */
export interface Case {
  readonly name: CaseName;
  /** The allowed factor between the duration at the largest and at the smallest catalogue. */
  readonly limit?: number;
  readonly isSignedIn?: boolean;
  readonly bodies: readonly string[];
  /**
   * True when the answer has the data that such a query should find. Otherwise the benchmark would measure something
   * else.
   */
  isGood(data: unknown, variables: unknown): boolean;
}

interface Page {
  readonly products: { readonly nodes: readonly object[] };
}

/** The kinds of query that are measured, for one catalogue. */
export async function createCases(
  anonymous: GraphqlClient,
  products: readonly BenchProduct[],
  random: Random,
): Promise<Case[]> {
  const cursors = await cursorsBeforePage(anonymous, Math.min(500, Math.floor(products.length / PAGE)));
  const { categories } = generateCategories();
  const page = `query Page($after: String) { products(first: ${PAGE}, after: $after) { nodes { ${CARD} } ${PAGE_INFO} } }`;
  const category = `query Category($slug: String!) {
    products(first: ${PAGE}, filter: { category: $slug }) { nodes { ${CARD} } ${PAGE_INFO} }
  }`;
  const filtered = `query Filtered($filter: ProductFilter!) {
    products(first: ${PAGE}, filter: $filter) { nodes { ${CARD} } ${PAGE_INFO} }
  }`;
  const counted = `query Counted($filter: ProductFilter!) {
    products(first: 1, filter: $filter, sort: { field: PRICE, direction: ASC }) { totalCount }
  }`;
  const tree = 'query Tree { categories { slug products(first: 1) { totalCount } } }';
  const byId = `query ProductById($id: ID!) { product(id: $id) { ${CARD} description imageUrl onSale version createdAt } }`;
  const orders = `query Orders { me { id email orders(first: 5) { nodes {
    id number status total { amount } items { quantity product { ${CARD} onSale category { parent { name } } } }
  } } } }`;
  const full = ({ products }: Page): boolean => products.nodes.length === PAGE;

  const search = (name: CaseName, word: () => string): Case => ({
    name,
    limit: 3,
    bodies: variants(
      `query Search($search: String!) { products(first: 10, filter: { search: $search }) { nodes { ${CARD} } ${PAGE_INFO} } }`,
      () => ({ search: word() }),
    ),
    isGood: ({ products }: Page) => products.nodes.length > 0,
  });

  const filter = (name: CaseName, of: () => object, isGood: Case['isGood']): Case => ({
    name,
    limit: 3,
    bodies: variants(filtered, () => ({ filter: of() })),
    isGood,
  });
  // An exact count of matches reads all of them, so it has no limit.
  const count = (name: CaseName, of: () => object): Case => ({
    name,
    bodies: variants(counted, () => ({ filter: of() })),
    isGood: ({ products }: { products: { totalCount: number } }) => products.totalCount >= 0,
  });
  const priceRange = () => {
    const minPrice = random.pick(products).priceMinor;
    return { minPrice, maxPrice: minPrice + 500 };
  };
  const hasNone = ({ products }: Page): boolean => products.nodes.length === 0;
  const hasSome = ({ products }: Page): boolean => products.nodes.length > 0;
  const shelf = () => random.pick(categories.filter(({ parentId }) => parentId !== null)).slug;

  return [
    { name: 'first page', limit: 1.3, bodies: [bodyOf(page, {})], isGood: full },
    {
      name: 'page 500 by cursor',
      limit: 1.3,
      bodies: variants(page, () => ({ after: random.pick(cursors) })),
      isGood: full,
    },
    {
      name: 'category filter',
      bodies: variants(category, () => ({ slug: random.pick(categories).slug })),
      isGood: isOf,
    },
    filter('filter: out of stock', () => ({ inStock: false }), hasNone),
    filter('filter: price, in stock', () => ({ ...priceRange(), inStock: true }), hasSome),
    {
      name: 'category tree with counts',
      limit: 3,
      bodies: [bodyOf(tree, {})],
      isGood: (data: { categories: { products: { totalCount: number } }[] }) =>
        data.categories.length === categories.length,
    },
    search('search: a word', () => random.pick(nouns).toLowerCase()),
    search('search: two words', () => firstAndLastWord(random.pick(products).name)),
    search('search: a prefix', () => prefixOf(random.pick(nouns))),
    search('search: misspelt', () => misspell(random.pick(nouns), random)),
    search('search: a common word', () => random.pick(qualities)),
    filter('search: common, in a category', () => ({ search: random.pick(qualities), category: shelf() }), hasSome),
    filter('search: common, out of stock', () => ({ search: random.pick(qualities), inStock: false }), hasNone),
    filter(
      'search: common, price',
      () => ({ search: random.pick(qualities), ...priceRange() }),
      () => true,
    ),
    count('count: a word by price', () => ({ search: random.pick(nouns).toLowerCase() })),
    count('count: a common word by price', () => ({ search: random.pick(qualities) })),
    count('count: in stock', () => ({ inStock: true })),
    count('count: out of stock', () => ({ inStock: false })),
    {
      name: 'product by id',
      limit: 1.3,
      bodies: variants(byId, () => ({ id: random.pick(products).id })),
      isGood: ({ product }: { product: object | null }) => product !== null,
    },
    {
      name: 'three subgraphs',
      isSignedIn: true,
      bodies: [bodyOf(orders, {})],
      isGood: ({ me }: { me: { orders: { nodes: object[] } } }) =>
        me.orders.nodes.length === 5 && JSON.stringify(me).split('"availableQuantity"').length === 21,
    },
  ];

  function variants(query: string, variables: () => object): string[] {
    return Array.from({ length: VARIANTS }, () => bodyOf(query, variables()));
  }
}

const isOf = (
  { products }: { products: { nodes: { category: { slug: string } | null }[] } },
  { slug }: { slug: string },
): boolean => products.nodes.length > 0 && products.nodes.every(({ category }) => category?.slug.startsWith(slug));

const bodyOf = (query: string, variables: object): string => JSON.stringify({ query, variables });

/** Cursors of the products right before the page. The last cursor gives the page, the others give pages close by. */
async function cursorsBeforePage(client: GraphqlClient, page: number): Promise<string[]> {
  let after: string | null = null;
  for (let left = (page - 1) * PAGE; left > 0;) {
    const first: number = Math.min(left, 100);
    const answer: { products: { edges: { cursor: string }[] } } = await client.request(
      'query ($first: Int!, $after: String) { products(first: $first, after: $after) { edges { cursor } } }',
      { first, after },
    );
    const cursors = answer.products.edges.map(({ cursor }) => cursor);
    left -= first;
    after = cursors.at(-1) ?? null;
    if (left === 0) return cursors;
  }
  throw new Error('The catalogue is too small for a second page.');
}
