import type { GraphQLScalarType } from 'graphql';

/** Parent, arguments and context have the types that each resolver declares: they meet in the schema, not in TypeScript. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Resolver = (...args: any[]) => unknown;

/** Resolvers by type and field; `__resolveReference` and `__resolveType` as in Apollo's subgraph library. */
export type Resolvers = Record<string, GraphQLScalarType | Record<string, Resolver>>;
