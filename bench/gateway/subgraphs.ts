import type { Pin } from './cores.ts';
import type { SubgraphName } from './graph.ts';
import { startHelper, type HelperProcess } from './helper-process.ts';

export interface SubgraphsReport {
  /** The URL of each subgraph's GraphQL. */
  readonly urls: Readonly<Record<SubgraphName, string>>;
  /** Calls that all subgraphs have answered since their start. */
  readonly calls: number;
}

/** The subgraphs. They answer the message `report`. */
export const startSubgraphs = (pin: Pin): HelperProcess<'report', SubgraphsReport> =>
  startHelper('dist/bench-gateway-subgraphs.js', pin);
