export {
  composeSupergraph,
  type Answer,
  type CallSubgraph,
  type ExecuteOptions,
  type Front,
  type SubgraphCall,
  type Supergraph,
  type TestContext,
} from './compose-supergraph.ts';
export type { Answers, SubgraphSource } from './subgraph-schema.ts';
export type { TestViewer } from './viewer.ts';
