import { parse } from 'yaml';

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

/** Reads the list of subgraphs from the text of supergraph.yaml. */
export function parseSubgraphs(text: string): SubgraphEntry[] {
  const { subgraphs } = parse(text) as SupergraphConfig;
  return Object.entries(subgraphs).map(([name, { routing_url: url, schema }]) => ({
    name,
    url,
    schemaFile: schema.file,
  }));
}
