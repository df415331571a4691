import type { SubgraphAnswer } from './answer.ts';
import type { Data } from './objects.ts';
import type { FetchNode } from './plan/plan.ts';

/** Keeps the answers to calls from one execution to the next. One belongs to one execution. */
export interface FetchCache {
  /** @returns undefined for a call whose answer is not kept */
  find(call: CacheableCall): FetchLookup | undefined;
}

/** A call that is about to be sent. */
export interface CacheableCall {
  readonly node: FetchNode;
  /** The variables of the operation without the representations, as the members of a JSON object. */
  readonly variables: string;
  /** The representations, each once, as JSON. Undefined for a call for root fields. */
  readonly representations: readonly string[] | undefined;
  /** All variables of the request. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Entries for a call. */
export interface KeptEntities {
  /** The data of a call for root fields. It is the caller's own. Undefined when it is not kept. */
  readonly data: Data | undefined;
  /**
   * The entity for each representation: an object of the caller's own, null for one that does not exist, or undefined for one that is not
   * kept.
   */
  readonly entities: readonly (Data | null | undefined)[];
}

/** The entries for a call. */
export interface FetchLookup extends KeptEntities {
  /**
   * Finds more entries, in a place that takes time. It never rejects. Undefined where there is none.
   *
   * @param texts the representations that are still missing: the entities of the result are for them
   */
  readonly findShared: ((texts: readonly string[]) => Promise<KeptEntities>) | undefined;
  /**
   * Takes in the answer to what was not kept, before the caller changes it.
   *
   * @param texts the representations that were asked for
   */
  keep(answer: SubgraphAnswer, texts: readonly string[]): void;
}
