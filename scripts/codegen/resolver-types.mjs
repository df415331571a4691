import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import { GraphQLError, parse, Source } from 'graphql';
import { CodegenFailure } from './failure.mjs';

const header = '// Made from schema.graphql and parents.ts by `npm run codegen`; changes belong there.\n';

const config = {
  // A DateTime goes out as a Date or as text in RFC 3339, and comes in as a Date.
  scalars: { ID: 'string', DateTime: { input: 'Date', output: 'Date | string' }, MinorUnits: 'number' },
  strictScalars: true,
  contextType: '../context.ts#Context',
  federation: true,
  // The schemas import the directives of federation 2 themselves.
  disableFederationDirectiveAndScalarInjection: true,
  enumsAsTypes: true,
  immutableTypes: true,
  useTypeImports: true,
  importExtension: '.ts',
  makeResolverTypeCallable: true,
  // What has a default comes in with it. What goes out has every field, and a member of a union says which one it is.
  avoidOptionals: { defaultValue: true, field: true, query: true, mutation: true, resolvers: true },
  resolversNonOptionalTypename: { unionMember: true, interfaceImplementingType: true },
};

/**
 * The types of each subgraph's resolvers, by GraphQL Code Generator. What a resolver of the schema's type `Order` gets is
 * `OrderParent` of parents.ts where there is one, else what the schema says.
 *
 * @returns the text of each file, by its path
 */
export async function generateResolverTypes() {
  const names = readdirSync('subgraphs')
    .filter((name) => existsSync(schemaOf(name)))
    .sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [`${folderOf(name)}/schema-types.ts`, await generate(name)])),
  );
}

const schemaOf = (name) => `subgraphs/${name}/schema.graphql`;
const folderOf = (name) => `subgraphs/${name}/src/resolvers`;

async function generate(name) {
  const schema = readSchema(schemaOf(name));
  const text = await codegen({
    filename: 'schema-types.ts',
    schema,
    documents: [],
    config: { ...config, mappers: readMappers(`${folderOf(name)}/parents.ts`, schema) },
    plugins: [{ typescript: {} }, { resolvers: {} }],
    pluginMap: { typescript, resolvers },
  });
  return `${header}${text.trim()}\n`;
}

function readSchema(file) {
  try {
    return parse(new Source(readFileSync(file, 'utf8'), file));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [at] = error.locations ?? [];
    throw new CodegenFailure(`${file}:${at?.line ?? 1}:${at?.column ?? 1} ${error.message}`);
  }
}

/** Every exported type of the file must be a parent: one that is misnamed would be left out unseen. */
function readMappers(file, schema) {
  if (!existsSync(file)) return {};
  const types = new Set(schema.definitions.map((definition) => definition.name?.value));
  const exported = [...readFileSync(file, 'utf8').matchAll(/^export\s+(?:type\s+|interface\s+)?(\w*)/gm)];
  return Object.fromEntries(
    exported.map(([, name]) => {
      const type = name.replace(/Parent$/, '');
      if (type === name || !types.has(type))
        throw new CodegenFailure(`${file}: ${name || 'export'} is not a type of the schema followed by Parent.`);
      return [type, `./parents.ts#${name}`];
    }),
  );
}
