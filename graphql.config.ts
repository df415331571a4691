/** For GraphQL plugins of editors: the schema that clients see, and each subgraph's own. */
export default {
  projects: {
    clients: {
      schema: 'clients/typescript/schema.graphql',
      documents: ['clients/operations/**/*.graphql', 'gateway/graphiql/operations/**/*.graphql'],
    },
    supergraph: { schema: 'gateway/supergraph.graphql' },
  },
};
