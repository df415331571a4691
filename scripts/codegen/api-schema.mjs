import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { printSchema } from 'graphql';

/** What clients see of a supergraph: federation's own directives, types and joins are left out. */
export function readApiSchema(supergraphSdl) {
  return Supergraph.build(supergraphSdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES })
    .apiSchema()
    .toGraphQLJSSchema();
}

export function printApiSchema(schema) {
  return `# What clients see of the graph. Made from gateway/supergraph.graphql by \`npm run codegen\`.\n\n${printSchema(schema)}\n`;
}
