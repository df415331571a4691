extend schema
  @link(
    url: "https://specs.apollo.dev/federation/v2.9"
    import: ["@key", "@shareable", "@authenticated", "@listSize"]
  )

type Query {
  "Newest first. 20 a page by default, 100 at most. Both directions work."
  __names__(first: Int, after: String, last: Int, before: String): __Name__Connection!
    @listSize(slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)
}

type Mutation {
  "Creates __a__ __name__ of a product. The same idempotencyKey with the same input returns the first result."
  create__Name__(input: Create__Name__Input!): Create__Name__Result! @authenticated
}

"__A__ __name__ that a customer wrote about a product."
type __Name__ @key(fields: "id") {
  id: ID!
  "Null when the product subgraph does not know the product, or cannot be reached."
  product: Product
  "Null after the account was deleted, or when the user subgraph cannot be reached."
  author: User
  "From 1 to 2,000 characters."
  text: String!
  createdAt: DateTime!
}

type Product @key(fields: "id") {
  id: ID!
  "Newest first. 20 a page by default, 100 at most. Null when this subgraph cannot be reached."
  __names__(first: Int, after: String, last: Int, before: String): __Name__Connection
    @listSize(slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)
}

type User @key(fields: "id", resolvable: false) {
  id: ID!
}

"A page of __names__."
type __Name__Connection {
  edges: [__Name__Edge!]!
  nodes: [__Name__!]!
  pageInfo: PageInfo!
  "Counted only when it is selected."
  totalCount: Int!
}

"__A__ __name__ in its list."
type __Name__Edge {
  cursor: String!
  node: __Name__!
}

"A new __name__."
input Create__Name__Input {
  productId: ID!
  "From 1 to 2,000 characters."
  text: String!
  "Chosen by the client, unique for each __name__. A repeated request with the same key creates nothing."
  idempotencyKey: String!
}

"The __name__ was created, now or by an earlier request with the same key."
type Create__Name__Success {
  __name__: __Name__!
}

union Create__Name__Result = Create__Name__Success | InvalidInput | IdempotencyConflict
