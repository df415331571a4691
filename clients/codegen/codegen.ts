const scalars = { ID: 'string', DateTime: 'string', MinorUnits: 'number' };
const config = { scalars, strictScalars: true, useTypeImports: true };

export default {
  schema: '../typescript/schema.graphql', // in your own project: node_modules/@shop/client/schema.graphql
  documents: 'operations/*.graphql',
  generates: {
    // Parsed documents, which every GraphQL client takes.
    'generated/nodes/': { preset: 'client', presetConfig: { fragmentMasking: false }, config },
    // Texts, which are smaller and need no parser. Their ids are for persisted operations.
    'generated/texts/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: { ...config, documentMode: 'string' },
    },
  },
};
