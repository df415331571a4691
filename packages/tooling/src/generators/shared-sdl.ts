import { sharedSdlFile, writeSharedSdl } from '@shop/subgraph/shared-sdl';
import type { CommittedGenerator } from '../generate/generator.ts';
import { readSubgraphs } from '../graph/subgraphs.ts';

/** Writes the types that subgraphs share into the schema of each subgraph that uses them. */
export const sharedSdl: CommittedGenerator = {
  kind: 'committed',
  name: 'shared schema',
  inputs: (project) => [sharedSdlFile, ...readSubgraphs(project).map(({ schemaFile }) => schemaFile)],
  run: (project) =>
    Object.fromEntries(
      readSubgraphs(project).map(({ schemaFile }) => [
        schemaFile,
        writeSharedSdl(project.require(schemaFile), schemaFile, project.require(sharedSdlFile)),
      ]),
    ),
};
