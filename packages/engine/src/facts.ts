import type { GraphQLSchema } from 'graphql';

/** The facts about a supergraph that execution needs beside a plan. */
export interface SupergraphFacts {
  /** The schema that clients see. */
  readonly schema: GraphQLSchema;
  /** True when a fragment on `condition` applies to an object of `type`, in the whole supergraph, with types that clients do not see. */
  isMatchedBy(type: string, condition: string): boolean;
  /** True for an interface or a union of the whole supergraph. */
  isAbstract(type: string): boolean;
  /** True for an enum with values, or an interface or a union with types, that clients do not see. */
  isNarrowed(type: string): boolean;
  /** True when a field is a part of a key by which a service finds entities of the type. */
  isKeyField(service: string, type: string, field: string): boolean;
}
