import type { GraphQLSchema } from 'graphql';

/** Reads the schema that clients see from a supergraph: without federation's directives, types and joins. */
export async function readApiSchema(supergraphSdl: string): Promise<GraphQLSchema> {
  // Apollo's libraries take most of a second to load, so only the commands that need them load them.
  const { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } = await import('@apollo/federation-internals');
  return Supergraph.build(supergraphSdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES })
    .apiSchema()
    .toGraphQLJSSchema();
}
