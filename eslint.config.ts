import graphqlEslint from '@graphql-eslint/eslint-plugin';
import type { ESLint, Linter } from 'eslint';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { graphRules } from './packages/tooling/src/eslint/graph-rules.ts';
import { findForeignEntities } from './packages/tooling/src/eslint/owners.ts';
import { readSubgraphs } from './packages/tooling/src/graph/subgraphs.ts';
import { openProject } from './packages/tooling/src/project.ts';

const environmentMessage =
  'Only config.ts reads the environment: it checks every variable and names all mistakes at once.';

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
  globalIgnores([
    '**/node_modules/',
    '**/dist/',
    '**/generated/',
    '**/schema-types.ts',
    '**/.data/',
    '**/.cache/',
    '**/coverage/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{mjs,cjs}'],
    rules: {
      'no-unused-vars': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A promise that nobody waits for fails unseen. These few need types, and are worth the seconds.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Empty functions as defaults and `void` beside other types are used on purpose.
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-restricted-globals': [
        'error',
        { name: '__dirname', message: 'Files of the repository are found from the project root.' },
      ],
    },
  },
  {
    files: ['{gateway,subgraphs,clients,cli,packages}/**/*.ts'],
    ignores: ['**/config.ts', 'packages/tooling/**', '**/*.test.ts', '**/test/**', '**/examples/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name=/^(and|intersection)$/]',
          message: "Zod's intersections throw when their sides return different values. Use pipe() or extend().",
        },
      ],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: environmentMessage }],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'node:process', importNames: ['env'], message: environmentMessage },
            { name: 'process', message: 'Use the global.' },
          ],
        },
      ],
    },
  },
  {
    // What a person starts in a terminal speaks to them by printing.
    files: [
      'packages/stack/**/*.ts',
      'cli/**/*.ts',
      'bench/**/*.ts',
      '**/examples/**/*.ts',
      '**/seed.ts',
      '**/*.test.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.test.ts', '**/test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
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
