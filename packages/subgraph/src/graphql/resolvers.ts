import type { GraphQLScalarType } from 'graphql';

/**
 * Any function, as Apollo's subgraph library takes it. A subgraph checks its resolvers against its schema with
 * `CompleteResolvers`.
 */
// oxlint-disable-next-line typescript/no-explicit-any
type Resolver = (...args: any[]) => unknown;

/** Resolvers by type and field. `__resolveReference` and `__resolveType` are as in Apollo's subgraph library. */
export type Resolvers = Record<string, GraphQLScalarType | Record<string, Resolver>>;
