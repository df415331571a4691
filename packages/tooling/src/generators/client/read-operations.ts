import { ExpectedError } from '@shop/process';
import { type GraphQLError, type GraphQLSchema, Kind, specifiedRules, validate } from 'graphql';
import type { OperationFile } from '../../graph/operations.ts';
import { formatPlace, parseFile } from '../../graph/places.ts';
import type { Project } from '../../project.ts';

/**
 * Reads the .graphql files of a folder, in the order of their names, and validates all of them together.
 *
 * @throws ExpectedError with file, line and column of each mistake
 */
export function readOperations(project: Project, folder: string, schema: GraphQLSchema): OperationFile[] {
  const files = project
    .list(folder)
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => ({ file, document: parseFile(file, project.require(file)) }));
  const definitions = files.flatMap(({ document }) => document.definitions);
  for (const definition of definitions)
    if (!('name' in definition) || definition.name === undefined)
      throw new ExpectedError(`${formatPlace(definition)} An operation needs a name. Give it one.`);
  const errors = validate(schema, { kind: Kind.DOCUMENT, definitions }, specifiedRules, { maxErrors: 20 });
  if (errors.length > 0) throw new ExpectedError(errors.map(describeError).join('\n'));
  return files;
}

function describeError({ nodes, message }: GraphQLError): string {
  const [node] = nodes ?? [];
  return `${node === undefined ? '' : formatPlace(node)} ${message}`;
}
