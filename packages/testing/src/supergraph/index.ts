export {
  composeSupergraph,
  type Answer,
  type CallSubgraph,
  type ExecuteOptions,
  type Front,
  type SubgraphAnswer,
  type SubgraphCall,
  type Supergraph,
  type TestContext,
} from './compose-supergraph.ts';
export { serveSubgraphs, type ChangeAnswer, type ServedCall, type ServedSubgraphs } from './serve-subgraphs.ts';
export type { Answers, SubgraphSource } from './subgraph-schema.ts';
export type { TestViewer } from './viewer.ts';
