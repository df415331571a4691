import type { SubgraphName } from './graph.ts';
import { tokenPattern } from './token.ts';

/** A thing by its number, for one request. Its id is `<type><number>-<token>`. */
interface Reference {
  readonly id: string;
}

const itemsOfOrder = 5;
const sentence = 'Made to last, with care for every detail, and delivered to your door within three working days.';

const findToken = (text: string): string => tokenPattern.exec(text)?.[0] ?? '';
const findNumber = (id: string): number => Number(/^[a-z]+(\d+)-/.exec(id)?.[1] ?? 0);
const money = (amount: number) => ({ amount, currencyCode: 'USD' });

function makeUser({ id }: Reference) {
  const number = findNumber(id);
  return {
    __typename: 'User',
    id,
    name: `Customer ${number}`,
    email: `customer${number}@example.com`,
    role: 'CUSTOMER',
  };
}

function makeProduct({ id }: Reference) {
  const number = findNumber(id);
  const category = { id: `category${number % 7}`, slug: `category-${number % 7}`, name: `Category ${number % 7}` };
  return {
    __typename: 'Product',
    id,
    sku: `SKU-${number}`,
    name: `Product ${number} "of the day"`,
    description: sentence,
    price: money(1_000 + number),
    inStock: number % 3 > 0,
    category: number % 5 === 0 ? null : category,
  };
}

function makeOrder({ id }: Reference) {
  const [number, token] = [findNumber(id), findToken(id)];
  return {
    __typename: 'Order',
    id,
    number: `2026-${number}`,
    status: 'RESERVED',
    placedAt: '2026-11-27T10:00:00.000Z',
    total: money(5_000 + number),
    customer: { id: `user${number}-${token}` },
    items: Array.from({ length: itemsOfOrder }, (_, index) => {
      const product = number * itemsOfOrder + index;
      return {
        id: `item${product}-${token}`,
        quantity: 1 + index,
        unitPrice: money(1_000 + product),
        product: { id: `product${product}-${token}` },
      };
    }),
  };
}

function makeTasks({ id }: Reference) {
  const tasks = ['Pack', 'Send'].map((title, index) => ({
    id: `task${index}-${findToken(id)}`,
    title,
    status: 'OPEN',
  }));
  return { __typename: 'Order', id, tasks };
}

function makePreferences({ id }: Reference) {
  return { __typename: 'User', id, preferences: { locale: 'en', channels: ['EMAIL', 'SMS'] } };
}

const count = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index));

/** The resolvers of each subgraph. Equal requests but for their token have equal answers but for the token. */
export const resolvers = {
  user: {
    Query: { user: (_: unknown, reference: Reference) => makeUser(reference) },
    User: { __resolveReference: makeUser },
  },
  product: {
    Query: {
      products: (_: unknown, { first, after }: { first: number; after?: string | null }) => ({
        nodes: count(first, (index) => makeProduct({ id: `product${index}-${findToken(after ?? '')}` })),
        endCursor: after ?? '',
      }),
    },
    Product: { __resolveReference: makeProduct },
  },
  order: {
    Query: {
      order: (_: unknown, reference: Reference) => makeOrder(reference),
      orders: (_: unknown, { first, after }: { first: number; after?: string | null }) =>
        count(first, (index) => makeOrder({ id: `order${index}-${findToken(after ?? '')}` })),
    },
    Order: { __resolveReference: makeOrder },
  },
  task: { Order: { __resolveReference: makeTasks } },
  notification: { User: { __resolveReference: makePreferences } },
} satisfies Readonly<Record<SubgraphName, object>>;
