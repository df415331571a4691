import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])';
const money = 'type Money @shareable { amount: Int! currencyCode: String! }';

/**
 * The schemas of the measured graph: a small shop without access rules, which some of the gateways do not know. The subgraphs have the
 * names of the real ones, so that one supergraph suits releases that know no others.
 */
export const schemas = {
  user: `${link}
    type Query { user(id: ID!): User }
    type User @key(fields: "id") { id: ID! name: String! email: String! role: String! }`,
  product: `${link}
    type Query { products(first: Int!, after: String): ProductConnection! }
    type ProductConnection { nodes: [Product!]! endCursor: String! }
    type Product @key(fields: "id") {
      id: ID! sku: String! name: String! description: String! price: Money! inStock: Boolean! category: Category
    }
    type Category { id: ID! slug: String! name: String! }
    ${money}`,
  order: `${link}
    type Query { order(id: ID!): Order orders(first: Int!, after: String): [Order!]! }
    type Order @key(fields: "id") {
      id: ID! number: String! status: String! placedAt: String! total: Money! customer: User! items: [OrderItem!]!
    }
    type OrderItem { id: ID! quantity: Int! unitPrice: Money! product: Product! }
    type User @key(fields: "id", resolvable: false) { id: ID! }
    type Product @key(fields: "id", resolvable: false) { id: ID! }
    ${money}`,
  task: `${link}
    type Order @key(fields: "id") { id: ID! tasks: [Task!]! }
    type Task { id: ID! title: String! status: String! }`,
  notification: `${link}
    type User @key(fields: "id") { id: ID! preferences: Preferences! }
    type Preferences { locale: String! channels: [String!]! }`,
};

export type SubgraphName = keyof typeof schemas;
export const subgraphNames = Object.keys(schemas) as SubgraphName[];

/** Composes the supergraph. @throws Error when the schemas do not compose */
export function composeGraph(urls: Readonly<Record<SubgraphName, string>>): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphNames.map((name) => ({ name, url: urls[name], typeDefs: parse(schemas[name]) })),
  );
  if (supergraphSdl === undefined) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}
