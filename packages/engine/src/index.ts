export type { AnswerError, CallSubgraph, Fault, SubgraphAnswer, SubgraphCall } from './answer.ts';
export type { CacheableCall, FetchCache, FetchLookup, KeptEntities } from './cache.ts';
export type { SupergraphFacts } from './facts.ts';
export { countNodes } from './memory.ts';
export type { Path } from './objects.ts';
export {
  everyItem,
  type ConditionNode,
  type FetchNode,
  type ParallelNode,
  type PathStep,
  type PlanNode,
  type RequiredSelection,
  type Rewrite,
  type SequenceNode,
  type TypeStep,
} from './plan/plan.ts';
export { findUnfilledField } from './plan/find-unfilled-field.ts';
export { type ApolloPlan, readApolloPlan } from './plan/read-apollo-plan.ts';
export { type HivePlan, readHivePlan } from './plan/read-hive-plan.ts';
export {
  createProgram,
  type Program,
  type ProgramAnswer,
  type ProgramOptions,
  type ProgramRequest,
} from './program.ts';
export { nodeMembers, visitNodes, type NodeVisitor } from './visit-nodes.ts';
export type { Refusal } from './write/collect-fields.ts';
