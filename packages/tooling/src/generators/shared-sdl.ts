import { sharedSdlFile, writeSharedSdl } from '@shop/subgraph/shared-sdl';
import type { CommittedGenerator } from '../generate/generator.ts';
import { readSubgraphs, supergraphConfigFile } from '../graph/subgraphs.ts';

/** Writes the types that subgraphs share into each schema that uses them. The rest of a schema stays as it is. */
export const sharedSdl: CommittedGenerator = {
  kind: 'committed',
  name: 'shared types',
  inputs: (project) => [
    supergraphConfigFile,
    sharedSdlFile,
    'packages/subgraph/src/schema',
    ...readSubgraphs(project).map(({ schemaFile }) => schemaFile),
  ],
  run: (project) => {
    const shared = project.require(sharedSdlFile);
    return Object.fromEntries(
      readSubgraphs(project).map(({ schemaFile }) => [
        schemaFile,
        writeSharedSdl(project.require(schemaFile), schemaFile, shared),
      ]),
    );
  },
};
