import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { GraphQLError, Kind, parse, Source, specifiedRules, validate } from 'graphql';
import { CodegenFailure } from './failure.mjs';

/**
 * Reads each .graphql file of a folder, and validates all of them together. A mistake names its file, line and column.
 *
 * @returns `{ file, document }` for each, in the order of their names
 */
export function readOperations(folder, schema) {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .sort();
  const sources = files.map((name) => read(path.posix.join(folder, name)));
  const definitions = sources.flatMap(({ document }) => document.definitions);
  for (const definition of definitions)
    if (!definition.name) throw new CodegenFailure(`${placeOf(definition.loc)} An operation needs a name.`);
  const errors = validate(schema, { kind: Kind.DOCUMENT, definitions }, specifiedRules, { maxErrors: 20 });
  if (errors.length > 0) throw new CodegenFailure(errors.map(describe).join('\n'));
  return sources;
}

function read(file) {
  try {
    return { file, document: parse(new Source(readFileSync(file, 'utf8'), file)) };
  } catch (error) {
    if (error instanceof GraphQLError) throw new CodegenFailure(describe(error));
    throw error;
  }
}

function describe(error) {
  const { source, locations } = error;
  const at = locations?.[0];
  return `${error.nodes?.[0]?.loc?.source.name ?? source?.name ?? ''}:${at?.line ?? 1}:${at?.column ?? 1} ${error.message}`;
}

const placeOf = (loc) => `${loc.source.name}:${loc.startToken.line}:${loc.startToken.column}`;
