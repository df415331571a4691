/** A supergraph with a rule at every place where a rule is allowed. */
export const supergraphSdl = `
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)
{ query: Query mutation: Mutation }

directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
scalar requiresScopes__Scope

type Query {
  open(id: ID): Thing
  things(first: Int): [Thing!]!
  maybeThings: [Thing]
  signedIn(id: ID): Thing @authenticated
  mustBeSignedIn: Thing! @authenticated
  staffOnly: String @requiresScopes(scopes: [["staff"]])
  either: String @requiresScopes(scopes: [["a", "b"], ["c"]])
  vault: Vault
  node(id: ID): Node
  nodes: [Node!]
  found: [Found!]
  mood: Mood
  code: Secret
  codeArgument(code: Secret): String
}
type Mutation { change(id: ID): Thing erase(id: ID): Boolean @requiresScopes(scopes: [["staff"]]) renew: Thing! @authenticated }
interface Node { id: ID! label: String }
type Thing implements Node {
  id: ID!
  label: String
  child: Thing
  children: [Thing!]
  price: Int @requiresScopes(scopes: [["price"]])
  cost(currency: String): Int! @requiresScopes(scopes: [["price"]])
  owner: Person @authenticated
}
type Person implements Node { id: ID! label: String @authenticated email: String @requiresScopes(scopes: [["staff"]]) friend: Person }
type Vault @requiresScopes(scopes: [["staff"]]) { gold: Int thing: Thing }
union Found = Thing | Person | Vault
enum Mood @authenticated { GOOD BAD }
scalar Secret @requiresScopes(scopes: [["staff"]])
`;
