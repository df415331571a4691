import { placeholder } from './token.ts';

/** An operation to measure. */
export interface Operation {
  /** Its line of the table. */
  readonly title: string;
  /** The body of a request, with the placeholder in the place of its token. */
  readonly body: string;
  /** More requests at once are not sent. Default: as many as wanted. */
  readonly mostConnections?: number;
}

export const operationNames = ['calls', 'heavy', 'list', 'unseen'] as const;
export type OperationName = (typeof operationNames)[number];

const orderPage = (alias = 'number') => `query OrderPage($id: ID!) {
  order(id: $id) {
    id
    ${alias}
    status
    placedAt
    total { amount currencyCode }
    customer { id name email preferences { locale channels } }
    items { id quantity unitPrice { amount currencyCode } product { id sku name inStock price { amount currencyCode } category { name } } }
    tasks { id title status }
  }
}`;

const manyOrders = `query ManyOrders($after: String) {
  orders(first: 60, after: $after) {
    id
    number
    status
    placedAt
    total { amount currencyCode }
    customer { id name email }
    items { id quantity unitPrice { amount currencyCode } product { id sku name inStock price { amount currencyCode } } }
  }
}`;

const productList = `query ProductList($after: String) {
  products(first: 20, after: $after) {
    nodes { id sku name inStock price { amount currencyCode } category { id slug name } }
    endCursor
  }
}`;

const order = { id: `order1-${placeholder}` };
const after = { after: `after-${placeholder}` };

/** The rows, by the names of `--rows`. */
export const operations: Readonly<Record<OperationName, Operation>> = {
  calls: { title: '5 calls', body: JSON.stringify({ query: orderPage(), variables: order }) },
  heavy: { title: '85 KB of 3 calls', body: JSON.stringify({ query: manyOrders, variables: after }) },
  list: { title: '20 products of 1 call', body: JSON.stringify({ query: productList, variables: after }) },
  unseen: {
    title: '5 calls, each document new',
    body: JSON.stringify({ query: orderPage(`number_${placeholder}: number`), variables: order }),
    // This gateway refuses new documents when too many wait to be planned.
    mostConnections: 16,
  },
};

/** The row that is no rate: memory after many documents. */
export const rowNames = [...operationNames, 'memory'] as const;
export type RowName = (typeof rowNames)[number];
