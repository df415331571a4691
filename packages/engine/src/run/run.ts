import type { AnswerError, CallSubgraph, Fault } from '../answer.ts';
import type { FetchCache } from '../cache.ts';
import type { Data, Path } from '../objects.ts';

/** A call that brought an object nothing. */
export interface Failure {
  /** The response names of the fields that the call would have brought. */
  readonly fields: () => ReadonlySet<string>;
  /** The errors without a place of their own. They belong to each field that stays empty. */
  readonly errors: readonly AnswerError[];
  /** The places of the objects that the call would have brought something. Default: the errors have no place. */
  readonly listPlaces?: () => readonly Path[];
}

/** An answer never shows more errors, and each costs more than the rest of the work for its place. */
export const maxErrors = 101;

/** The state of one execution. */
export class Run {
  /** The merged answers of subgraphs. */
  readonly data: Data = {};
  /** The data of the whole answer as JSON, where a subgraph wrote them. */
  json: string | undefined;
  readonly errors: AnswerError[] = [];
  readonly faults: Fault[] = [];
  readonly call: CallSubgraph;
  /** Undefined when each call is sent. */
  readonly cache: FetchCache | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly conditions: ReadonlyMap<string, boolean>;
  /** Undefined until a call fails. */
  failures: Map<Data, Failure[]> | undefined;
  /** Entities that a subgraph does not have, or that the caller may not see. Undefined until there is one. */
  gone: Set<Data> | undefined;

  constructor(options: {
    call: CallSubgraph;
    cache?: FetchCache | undefined;
    variables: Readonly<Record<string, unknown>>;
    conditions: ReadonlyMap<string, boolean>;
  }) {
    this.call = options.call;
    this.cache = options.cache;
    this.variables = options.variables;
    this.conditions = options.conditions;
  }

  addError(error: AnswerError): void {
    if (this.errors.length < maxErrors) this.errors.push(error);
  }

  addFailure(object: Data, failure: Failure): void {
    this.failures ??= new Map();
    const known = this.failures.get(object);
    if (known === undefined) this.failures.set(object, [failure]);
    else known.push(failure);
  }

  addGone(object: Data): void {
    this.gone ??= new Set();
    this.gone.add(object);
  }

  /** True for an object for which a call failed, or found nothing. An arrow function, since it is passed on. */
  readonly isFailed = (object: Data): boolean => this.failures?.has(object) === true || this.gone?.has(object) === true;
}
