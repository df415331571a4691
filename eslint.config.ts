// Schemas and operations. .oxlintrc.json has the rules for TypeScript and JavaScript.
import graphqlEslint from '@graphql-eslint/eslint-plugin';
import type { ESLint, Linter } from 'eslint';
import { defineConfig, globalIgnores } from 'eslint/config';
import { graphRules } from './packages/tooling/src/eslint/graph-rules.ts';
import { findForeignEntities } from './packages/tooling/src/eslint/owners.ts';
import { readSubgraphs } from './packages/tooling/src/graph/subgraphs.ts';
import { openProject } from './packages/tooling/src/project.ts';

const schemas = Object.fromEntries(
  readSubgraphs(openProject(import.meta.dirname)).map(({ name, schemaFile }) => [name, schemaFile]),
);
const foreign = findForeignEntities(schemas);
/** Its own types are stricter about the documentation of rules than ESLint's. */
const graphqlPlugin = graphqlEslint as unknown as ESLint.Plugin;
/** The same for all: the plugin keeps the first configuration that it sees. */
const graphqlLanguage = {
  parser: graphqlEslint.parser,
  parserOptions: {
    graphQLConfig: { schema: 'clients/typescript/schema.graphql', documents: 'clients/operations/*.graphql' },
  },
};

export default defineConfig(
  globalIgnores(['**/node_modules/', '**/dist/', '**/.data/', '**/.cache/', '**/coverage/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...Object.entries(schemas).map(([name, file]): Linter.Config => ({
    files: [file],
    plugins: { '@graphql-eslint': graphqlPlugin, graph: graphRules },
    languageOptions: graphqlLanguage,
    rules: {
      'graph/described': ['error', { foreign: foreign[name] }],
      'graph/foreign-is-nullable': ['error', { foreign: foreign[name] }],
      'graph/mutation-pattern': 'error',
      'graph/requires-without-arguments': 'error',
      '@graphql-eslint/no-hashtag-description': 'error',
      '@graphql-eslint/no-typename-prefix': 'error',
      '@graphql-eslint/require-deprecation-reason': 'error',
      '@graphql-eslint/naming-convention': [
        'error',
        {
          types: 'PascalCase',
          FieldDefinition: 'camelCase',
          InputValueDefinition: 'camelCase',
          Argument: 'camelCase',
          EnumValueDefinition: 'UPPER_CASE',
        },
      ],
    },
  })),
  {
    files: ['clients/operations/*.graphql'],
    plugins: { '@graphql-eslint': graphqlPlugin },
    languageOptions: graphqlLanguage,
    rules: {
      ...graphqlEslint.configs['flat/operations-recommended'].rules,
      '@graphql-eslint/unique-operation-name': 'error',
      '@graphql-eslint/unique-fragment-name': 'error',
      '@graphql-eslint/no-deprecated': 'error',
    },
  },
);
