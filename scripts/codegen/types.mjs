import { codegen } from '@graphql-codegen/core';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { parse, printSchema } from 'graphql';
import { header } from './header.mjs';

/** How a scalar is written in JSON. */
const scalars = { ID: 'string', DateTime: 'string', MinorUnits: 'number' };

/** The types of variables and results, by GraphQL Code Generator, with the inputs and enums that they use. */
export async function generateTypes(schema, sources) {
  const text = await codegen({
    filename: 'types.ts',
    schema: parse(printSchema(schema)),
    schemaAst: schema,
    documents: sources.map(({ file, document }) => ({ location: file, document })),
    config: { scalars, strictScalars: true, immutableTypes: true, useTypeImports: true },
    plugins: [{ operations: {} }],
    pluginMap: { operations: typescriptOperations },
  });
  return `${header}${text.trim()}\n`;
}
