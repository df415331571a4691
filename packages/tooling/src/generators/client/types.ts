import { type GraphQLSchema, parse, printSchema } from 'graphql';
import type { OperationFile } from '../../graph/operations.ts';
import { header } from './header.ts';

/** The JSON type of each scalar. */
const scalars = { ID: 'string', DateTime: 'string', MinorUnits: 'number' };

/** Generates the types of variables and results, with the inputs and enums that they use. */
export async function generateTypes(schema: GraphQLSchema, files: readonly OperationFile[]): Promise<string> {
  const { codegen } = await import('@graphql-codegen/core');
  const text = await codegen({
    filename: 'types.ts',
    schema: parse(printSchema(schema)),
    schemaAst: schema,
    documents: files.map(({ file, document }) => ({ location: file, document })),
    config: { scalars, strictScalars: true, immutableTypes: true, useTypeImports: true },
    plugins: [{ operations: {} }],
    pluginMap: { operations: await import('@graphql-codegen/typescript-operations') },
  });
  return `${header}${text.trim()}\n`;
}
