import { parse } from 'yaml';
import type { Project } from '../project.ts';

/** The file that lists the subgraphs, in Rover's format. */
export const supergraphConfigFile = 'supergraph.yaml';
/** The composed supergraph. */
export const supergraphFile = 'gateway/supergraph.graphql';

/** A subgraph, as supergraph.yaml lists it. */
export interface SubgraphEntry {
  readonly name: string;
  readonly url: string;
  /** Its schema file, relative to the root. */
  readonly schemaFile: string;
}

interface SupergraphConfig {
  readonly subgraphs: Readonly<
    Record<string, { readonly routing_url: string; readonly schema: { readonly file: string } }>
  >;
}

/** Reads the list of subgraphs from supergraph.yaml. */
export function readSubgraphs(project: Pick<Project, 'require'>): SubgraphEntry[] {
  const { subgraphs } = parse(project.require(supergraphConfigFile)) as SupergraphConfig;
  return Object.entries(subgraphs).map(([name, { routing_url: url, schema }]) => ({
    name,
    url,
    schemaFile: schema.file,
  }));
}
