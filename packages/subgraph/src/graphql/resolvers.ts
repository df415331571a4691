import type { GraphQLScalarType } from 'graphql';

/**
 * Any function, as Apollo's subgraph library takes it. A subgraph checks its resolvers against its schema with
 * `CompleteResolvers`.
 */
// oxlint-disable-next-line typescript/no-explicit-any
type Resolver = (...args: any[]) => unknown;

/**
 * Loads at once what the objects of a list need for the fields that are selected of them, so that no resolver has to wait: a promise
 * for each field of each object costs more than all else about a list. None of the loads may fail: the resolver that misses something
 * says so.
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type Preload<Parent = any, Context = any> = (
  parents: readonly Parent[],
  context: Context,
  selected: ReadonlySet<string>,
) => readonly (Promise<void> | false)[];

/** By type. */
export type Preloads = Readonly<Record<string, Preload>>;

/** Resolvers by type and field. `__resolveReference` and `__resolveType` are as in Apollo's subgraph library. */
export type Resolvers = Record<string, GraphQLScalarType | Record<string, Resolver>>;
