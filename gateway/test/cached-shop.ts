import type { Resolvers, SubgraphRequest } from '@shop/subgraph';
import type { SubgraphName } from './system.ts';

const productEvents = '["shop.product.created.v1", "shop.product.updated.v1", "shop.product.deleted.v1"]';
const stockEvents = '["shop.inventory.updated.v1"]';

/** The declaration of `@cached`, as in `subgraphs/product/schema.graphql`. */
export const cachedDirective = `
  directive @cached(
    fields: String! = "" changedBy: [String!]! = [] subject: String! = "" share: String! = "public" scopes: [String!]! = []
  ) repeatable on OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION`;

const link = `
  extend schema
    @link(
      url: "https://specs.apollo.dev/federation/v2.9"
      import: ["@key", "@shareable", "@composeDirective", "@requiresScopes", "@authenticated"]
    )
    @link(url: "https://specs.shop.example/shop/v0.1", import: ["@cached"])
    @composeDirective(name: "@cached")
  ${cachedDirective}`;

/** A small shop with declarations for the cache. */
export const cachedSchemas: Record<SubgraphName, string> = {
  user: `${link}
    type Query {
      me: User @cached(share: "viewer")
      board: String @requiresScopes(scopes: [["board:read"]]) @cached
    }
    type User @key(fields: "id") @cached(fields: "id name email") { id: ID! name: String! email: String @authenticated }`,
  product: `${link}
    type Query {
      product(id: ID!): Product
        @cached(changedBy: ${productEvents}, subject: "$id", share: "scopes", scopes: ["product:write"])
      products(first: Int, filter: Filter): Page! @cached(changedBy: ${productEvents})
      undeclared: String
      broken: String @cached
      unpublished: String @cached(changedBy: ["shop.weather.changed.v1"])
    }
    input Filter { name: String inStock: Boolean @cached(changedBy: ${stockEvents}) }
    type Mutation { renameProduct(id: ID!, name: String!): Product }
    type Page @cached(fields: "nodes") { nodes: [Product!]! }
    type Price { amount: Int! currencyCode: String! }
    type Product
      @key(fields: "id")
      @cached(fields: "id name price onSale", changedBy: ${productEvents}, subject: "id")
      @cached(fields: "stock", changedBy: ${stockEvents}, subject: "id")
    { id: ID! name: String! price: Price! onSale: Boolean! stock: Int! secret: String fails: String @shareable }`,
  order: `${link}
    type Query { order(ids: [ID!]!): Order }
    type Mutation { placeOrder: String }
    type Order @key(fields: "id") { id: ID! items: [Product]! }
    type Product @key(fields: "id", resolvable: false) { id: ID! }`,
};

interface StoredProduct {
  id: string;
  name: string;
  onSale: boolean;
  stock: number;
}

/** The data of the shop, which a test changes behind the gateway's back. */
export class ShopData {
  readonly products = new Map<string, StoredProduct>();
  board = 'on the board';
  /** Waits inside each read of a product, after it was read. Default: it does not wait. */
  beforeAnswer: () => Promise<void> = async () => {};

  constructor() {
    for (const id of ['a', 'b', 'c']) this.products.set(id, { id, name: `Product ${id}`, onSale: true, stock: 5 });
  }

  async read(id: string): Promise<StoredProduct | null> {
    const product = this.products.get(id);
    const read = product === undefined ? null : { ...product };
    await this.beforeAnswer();
    return read;
  }

  set(id: string, change: Partial<StoredProduct>): void {
    const product = this.products.get(id) ?? { id, name: `Product ${id}`, onSale: true, stock: 0 };
    this.products.set(id, { ...product, ...change });
  }
}

const price = () => ({ amount: 100, currencyCode: 'EUR' });

export function createShopResolvers(data: ShopData): Record<SubgraphName, Resolvers> {
  return {
    user: {
      Query: {
        me: (_root: unknown, _args: unknown, { viewer }: SubgraphRequest) =>
          viewer.userId === null ? null : { id: viewer.userId, name: `I am ${viewer.userId}`, email: 'e' },
        board: () => data.board,
      },
    },
    product: {
      Query: {
        product: async (_root: unknown, { id }: { id: string }, { viewer }: SubgraphRequest) => {
          const product = await data.read(id);
          return product !== null && (product.onSale || viewer.scopes.has('product:write')) ? product : null;
        },
        products: async (_root: unknown, { filter }: { filter?: { inStock?: boolean } }) => {
          const read = await Promise.all([...data.products.keys()].map((id) => data.read(id)));
          return { nodes: read.filter((product) => filter?.inStock !== true || (product?.stock ?? 0) > 0) };
        },
        undeclared: () => 'undeclared',
        unpublished: () => 'unpublished',
        broken: () => {
          throw new Error('It broke.');
        },
      },
      Mutation: {
        renameProduct: (_root: unknown, { id, name }: { id: string; name: string }) => {
          data.set(id, { name });
          return data.products.get(id);
        },
      },
      Product: {
        __resolveReference: ({ id }: { id: string }) => data.read(id),
        price,
        secret: () => 'secret',
        fails: () => {
          throw new Error('It failed.');
        },
      },
    },
    order: {
      Query: {
        order: (_root: unknown, { ids }: { ids: string[] }) => ({
          id: 'o',
          items: ids.map((id) => ({ __typename: 'Product', id })),
        }),
      },
      Mutation: { placeOrder: () => 'placed' },
    },
  };
}
