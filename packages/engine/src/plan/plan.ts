/** A step of a plan. It belongs to no planner: each has a reader that translates its own form. */
export type PlanNode = SequenceNode | ParallelNode | ConditionNode | FetchNode;

/** Steps that run one after the other. A failed step does not stop the later ones. */
export interface SequenceNode {
  readonly kind: 'sequence';
  readonly nodes: readonly PlanNode[];
}

/** Steps that run at the same time. */
export interface ParallelNode {
  readonly kind: 'parallel';
  readonly nodes: readonly PlanNode[];
}

/** One of two steps, by the value of a boolean variable. */
export interface ConditionNode {
  readonly kind: 'condition';
  /** The name of the variable, without `$`. */
  readonly variable: string;
  readonly ifTrue: PlanNode | undefined;
  readonly ifFalse: PlanNode | undefined;
}

/** One call to a subgraph. */
export interface FetchNode {
  readonly kind: 'fetch';
  readonly service: string;
  readonly operationKind: 'query' | 'mutation';
  /** The text of the subgraph's operation. */
  readonly operation: string;
  readonly operationName: string | undefined;
  /** The variables of the request that the operation uses. */
  readonly variables: readonly string[];
  /** The place of the objects that the answer belongs to. Empty for the root of the answer. */
  readonly path: readonly PathStep[];
  /** The inputs of an entity call; undefined for a call whose data are those of the object at the path itself. */
  readonly requires: readonly RequiredSelection[] | undefined;
  readonly inputRewrites: readonly Rewrite[];
  readonly outputRewrites: readonly Rewrite[];
}

/** A response name, each item of a list, or only objects of some types. */
export type PathStep = string | typeof everyItem | typeof everyNestedItem | TypeStep;

/** Leaves out the objects of other types. An object without `__typename` stays. */
export interface TypeStep {
  /** Types, interfaces and unions. */
  readonly types: readonly string[];
}

/** The step of a path to each item of a list. */
export const everyItem = Symbol('every item');

/** The step of a path to each item of a list that is no list itself, and of the lists in it. */
export const everyNestedItem = Symbol('every nested item');

/** A part of what a subgraph must get to find an entity. */
export type RequiredSelection = RequiredField | RequiredFragment;

export interface RequiredField {
  readonly kind: 'field';
  /** The name in the data that earlier calls brought. */
  readonly source: string;
  /** The name in the representation. */
  readonly name: string;
  readonly selections: readonly RequiredSelection[] | undefined;
}

export interface RequiredFragment {
  readonly kind: 'fragment';
  readonly typeCondition: string | undefined;
  readonly selections: readonly RequiredSelection[];
}

/** A change of the data on the way to a subgraph, or from it. */
export type Rewrite = { readonly path: readonly RewriteStep[] } & (
  | { readonly kind: 'set'; readonly value: unknown }
  | { readonly kind: 'rename'; readonly name: string }
);

/** A member of an object, or the condition that it has a type. */
export type RewriteStep = { readonly field: string } | { readonly type: string };
