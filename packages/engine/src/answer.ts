import type { Path } from './objects.ts';

/** An error of an answer. Those of GraphQL libraries have this form too. */
export interface AnswerError {
  readonly message: string;
  readonly path?: Path | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** The answer of a subgraph to one call. Data are missing when the call failed as a whole: then there is at least one error. */
export interface SubgraphAnswer {
  readonly data?: Record<string, unknown> | null | undefined;
  readonly errors?: readonly AnswerError[] | undefined;
  /** True when the subgraph did not answer, so that another operation would have met the same. Default: false. */
  readonly isUnanswered?: boolean | undefined;
  /** The data as JSON, in their place. Only for a call that is whole. */
  readonly json?: string | undefined;
  /** The answer as JSON, as the subgraph wrote it. Only for a cache: then the data need not be written again. */
  readonly text?: string | undefined;
}

/** A call to a subgraph. */
export interface SubgraphCall {
  readonly service: string;
  readonly operationKind: 'query' | 'mutation';
  /** The text of the operation. */
  readonly operation: string;
  /** The body of the request, as JSON. */
  readonly body: string;
  /** The number of entities that are asked for; undefined for a call for root fields. */
  readonly entities: number | undefined;
  /**
   * True when the data are those of the client's answer, with its fields in its order. An answer without errors may have them as JSON
   * then, if the subgraph vouches for them: nothing checks them.
   */
  readonly isWhole: boolean;
}

/** Sends a call. It never rejects because of the subgraph: a failed call is an answer without data. */
export type CallSubgraph = (call: SubgraphCall) => Promise<SubgraphAnswer>;

/** A value that the schema does not allow, in the answer of a subgraph. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly reason: string;
  /** The type and the field that has the value, such as `Query.node`. */
  readonly coordinate: string;
}
