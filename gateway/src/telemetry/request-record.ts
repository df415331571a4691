import { Attachment } from '@shop/process';
import type { FastifyRequest } from 'fastify';

/**
 * How the operation of a request ended:
 * - `ok`: it was answered without an error.
 * - `refused`: it was not executed, or has no data, and the client is the cause: a limit, a wrong document, a missing permission.
 * - `partial`: a part of its data is missing, because a service is away or failed.
 * - `failed`: it was not answered, because a service is away or failed, or the gateway is overloaded.
 * - `aborted`: the client left before.
 */
export type OperationOutcome = 'ok' | 'refused' | 'partial' | 'failed' | 'aborted';

/** The facts about a request that are known when it has been answered, for its line in the log and for metrics. */
export interface RequestRecord {
  operation?: string | undefined;
  type?: string | undefined;
  outcome?: OperationOutcome;
  /** The codes of its errors, each once. */
  codes: readonly string[];
  /** Set where a request is refused before the pipeline of GraphQL: what metrics call the reason. */
  rejection?: string;
  /** The version tokens of its mutations, by service. */
  versionTokens?: Map<string, string>;
  /** Calls to subgraphs. */
  calls: number;
  /** Milliseconds by the steady clock. */
  readonly startedAt: number;
  isReported: boolean;
}

const records = new Attachment<FastifyRequest, RequestRecord>();

/** The record of an operation that begins now. */
export function createRecord(): RequestRecord {
  return { codes: [], calls: 0, startedAt: performance.now(), isReported: false };
}

/** The record of a request. It is made when it is first asked for. */
export function findRecord(request: FastifyRequest): RequestRecord {
  let record = records.get(request);
  if (record === undefined) records.set(request, (record = createRecord()));
  return record;
}
