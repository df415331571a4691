import { trace } from '@opentelemetry/api';
import { nameSpan, recordErrors, type ErrorMasking } from '@shop/graphql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { AnswerCache } from '../cache/answer-cache.ts';
import { findContext } from '../context.ts';
import { toGraphQLError } from '../execution/engine-executor.ts';
import type { Engine } from '../execution/engine.ts';
import type { PreparedDocuments } from '../execution/prepared-documents.ts';
import type { OperationCheck, OperationRequest } from '../stage.ts';
import { recordOutcome } from '../telemetry/record-operations.ts';
import type { Variables } from '../supergraph/index.ts';

export interface AnswerPreparedOptions {
  readonly engine: Engine;
  /** The schema that clients see. */
  readonly schema: GraphQLSchema;
  readonly documents: PreparedDocuments;
  /** Keeps whole answers. Default: each operation is executed. */
  readonly answers?: AnswerCache | undefined;
  readonly checks: readonly OperationCheck[];
  /** The text of the operation of a request; undefined when Apollo Server must decide about the request. */
  readonly findText: (request: OperationRequest) => string | undefined;
  readonly masking: ErrorMasking;
}

/** The body of a request with one operation. */
interface OperationBody extends OperationRequest {
  readonly operationName: string | undefined;
  readonly variables: Variables | undefined;
}

/** Answers a request, or returns false, and then Apollo Server answers it. */
export type AnswerPrepared = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

const json = 'application/json; charset=utf-8';
const graphqlJson = 'application/graphql-response+json; charset=utf-8';

/** The type of the answer by the header `accept`, as Apollo Server chooses it. It decides about all other values itself. */
const answerTypes: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, json],
  ['*/*', json],
  ['application/json', json],
  ['application/json, */*', json],
  ['application/json, text/plain, */*', json],
  ['application/graphql-response+json', graphqlJson],
  ['application/graphql-response+json, application/json', graphqlJson],
  ['application/graphql-response+json,application/json;q=0.9', graphqlJson],
  ['application/graphql-response+json, application/json;q=0.9', graphqlJson],
]);

/**
 * The short way of a request: a POST of JSON whose document was answered before. It takes the same checks in the same order as the way
 * through Apollo Server, which costs several times as much as all of them. A request that is refused goes the long way, so that there is
 * one form of refusals.
 */
export function createAnswerPrepared(options: AnswerPreparedOptions): AnswerPrepared {
  const { engine, schema, documents, answers, checks, findText, masking } = options;

  return async (request, reply) => {
    const type = answerTypes.get(request.headers.accept);
    if (type === undefined || request.method !== 'POST' || !isJson(request.headers['content-type'])) return false;
    if (request.raw.url !== '/graphql') return false;
    const body = readBody(request.body);
    const text = body && findText(body);
    if (body === undefined || text === undefined) return false;
    const { operationName, variables } = body;
    const prepared = documents.find(text, operationName);
    // The answer to a subscription is a stream.
    if (prepared === undefined || prepared.operation.operation === 'subscription') return false;

    const context = findContext(request);
    const headers = { set: (name: string, value: string): void => void reply.header(name, value) };
    try {
      for (const check of checks) {
        const checking = check({ ...prepared, operationName, variables, schema, context, headers });
        if (checking !== undefined) await checking;
      }
    } catch {
      return false;
    }
    const name = prepared.operation.name?.value;
    const span = context.trace && trace.getSpan(context.trace);
    if (span?.isRecording() === true) nameSpan(span, prepared.operation.operation, name);

    const { record } = context;
    // After the checks, since who may ask, and how often, does not depend on what is kept.
    const kept = answers?.find(prepared, variables, context.viewer);
    if (kept !== undefined) {
      record.operation = name;
      record.type = prepared.operation.operation;
      recordOutcome(record, noErrors, true);
      void reply.header('cache-control', 'no-store').type(type).send(kept);
      return true;
    }
    const answer = await engine({ document: prepared.document, operationName, variables, context });
    const { data } = answer;
    if (data === undefined) return false;
    record.operation = name;
    record.type = prepared.operation.operation;
    let start = '{';
    if (answer.errors.length > 0) {
      const errors = masking.maskErrors(answer.errors.map(toGraphQLError), {
        operationName: name,
        requestId: context.requestId,
      });
      start = `{"errors":${JSON.stringify(errors)},`;
      recordOutcome(record, errors, hasValues(data));
      if (span?.isRecording() === true) recordErrors(span, errors, data !== 'null');
    } else {
      recordOutcome(record, answer.errors, true);
    }
    const answerText = `${start}"data":${data}}\n`;
    if (answers !== undefined && answer.draft !== undefined && answer.errors.length === 0)
      answers.keep(prepared, variables, { draft: answer.draft, text: answerText });
    void reply.header('cache-control', 'no-store').type(type).send(answerText);
    return true;
  };
}

const noErrors: readonly never[] = [];

/** True when a root field is not null. */
function hasValues(data: string): boolean {
  return Object.values((JSON.parse(data) as object | null) ?? {}).some((value) => value !== null);
}

function isJson(contentType: string | undefined): boolean {
  return contentType === 'application/json' || contentType === 'application/json; charset=utf-8';
}

/** @returns undefined for a body that is refused, or that is not one operation */
function readBody(body: unknown): OperationBody | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const { query, operationName, variables, extensions } = body as Record<string, unknown>;
  if (query != null && typeof query !== 'string') return undefined;
  if (operationName != null && typeof operationName !== 'string') return undefined;
  if (!isObjectOrNothing(variables) || !isObjectOrNothing(extensions)) return undefined;
  return {
    query: query ?? undefined,
    operationName: operationName || undefined,
    variables: variables ?? undefined,
    persistedQuery: extensions?.['persistedQuery'],
  };
}

function isObjectOrNothing(value: unknown): value is Record<string, unknown> | null | undefined {
  return value == null || (typeof value === 'object' && !Array.isArray(value));
}
