import { trace } from '@opentelemetry/api';
import {
  findAnswerType,
  isJsonType,
  nameSpan,
  type OperationBody,
  readOperationBody,
  recordErrors,
  type ErrorMasking,
} from '@shop/graphql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { AnswerCache, KeptAnswer } from '../cache/answer-cache.ts';
import { findContext } from '../context.ts';
import { toGraphQLError } from '../execution/engine-executor.ts';
import type { Engine } from '../execution/engine.ts';
import type { PreparedDocuments, ReadDocument } from '../execution/prepared-documents.ts';
import type { OperationCheck, OperationRequest } from '../stage.ts';
import { recordOutcome } from '../telemetry/record-operations.ts';
import type { HttpCaching } from './http-caching.ts';

export interface AnswerPreparedOptions {
  readonly engine: Engine;
  /** The schema that clients see. */
  readonly schema: GraphQLSchema;
  readonly documents: PreparedDocuments;
  /** Keeps whole answers. Default: each operation is executed. */
  readonly answers?: AnswerCache | undefined;
  /** Lets caches outside keep the answers to GETs. Default: they keep nothing. */
  readonly httpCaching?: HttpCaching | undefined;
  readonly checks: readonly OperationCheck[];
  /** The text of the operation of a request; undefined when Apollo Server must decide about the request. */
  readonly findText: (request: OperationRequest) => string | undefined;
  readonly readDocument: ReadDocument;
  readonly masking: ErrorMasking;
}

type Operation = OperationRequest & Pick<OperationBody, 'operationName' | 'variables'>;

/** Answers a request, or returns false, and then Apollo Server answers it. */
export type AnswerPrepared = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

/**
 * The short way of a request: a POST of JSON, or a GET, with a valid document. It takes the same checks in the same order as the way
 * through Apollo Server, which costs several times as much as all of them. A request that is refused goes the long way, so that there is
 * one form of refusals.
 */
export function createAnswerPrepared(options: AnswerPreparedOptions): AnswerPrepared {
  const { engine, schema, documents, answers, httpCaching, checks, findText, readDocument, masking } = options;

  return async (request, reply) => {
    const type = findAnswerType(request.headers.accept);
    const body = type === undefined ? undefined : readOperation(request);
    const text = body && findText(body);
    if (type === undefined || body === undefined || text === undefined) return false;
    const { operationName, variables } = body;
    const prepared = documents.find(text, operationName, readDocument);
    if (prepared === undefined) return false;
    const { document, operation } = prepared;
    // The answer to a subscription is a stream.
    if (operation.operation === 'subscription') return false;
    const isGet = request.method === 'GET';
    if (isGet && operation.operation !== 'query') return false;

    const context = findContext(request);
    const headers = { set: (name: string, value: string): void => void reply.header(name, value) };
    const checked = { document, operation, operationName, variables, schema, context, headers };
    try {
      for (const check of checks) {
        const checking = check(checked);
        if (checking !== undefined) await checking;
      }
    } catch {
      return false;
    }
    const name = operation.name?.value;
    const span = context.trace && trace.getSpan(context.trace);
    if (span?.isRecording() === true) nameSpan(span, operation.operation, name);

    const { record } = context;
    // After the checks, since who may ask, and how often, does not depend on what is kept.
    const kept = answers?.find(prepared, variables, context);
    if (kept !== undefined) {
      record.operation = name;
      record.type = operation.operation;
      recordOutcome(record, noErrors, true);
      send(kept.text, kept);
      return true;
    }
    const answer = await engine({ document, operationName, variables, context });
    const { data } = answer;
    if (data === undefined) return false;
    record.operation = name;
    record.type = operation.operation;
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
    const { draft } = answer;
    const isWhole = answer.errors.length === 0;
    send(answerText, draft && isWhole ? answers?.keep(prepared, variables, { draft, text: answerText }) : undefined);
    return true;

    /** @param known the answer, where it is kept */
    function send(payload: string | Buffer, known: KeptAnswer | undefined): void {
      if (!isGet || known === undefined || httpCaching === undefined) reply.header('cache-control', 'no-store');
      else if (httpCaching.offer(request, reply, known)) return void reply.code(304).send();
      reply.type(String(type)).send(payload);
    }
  };
}

const noErrors: readonly never[] = [];

/** True when a root field is not null. */
function hasValues(data: string): boolean {
  return Object.values((JSON.parse(data) as object | null) ?? {}).some((value) => value !== null);
}

/** @returns undefined for a request that Apollo Server must decide about */
function readOperation(request: FastifyRequest): Operation | undefined {
  const { headers, method } = request;
  const { url = '' } = request.raw;
  if (method === 'POST')
    return url === '/graphql' && isJsonType(headers['content-type']) ? readBody(request.body) : undefined;
  if (method !== 'GET' || !url.startsWith('/graphql?')) return undefined;
  // Without one of them, any page could have sent it.
  if (!headers['apollo-require-preflight'] && !headers['x-apollo-operation-name']) return undefined;
  const search = request.query as Readonly<Record<string, unknown>>;
  const [variables, extensions] = [parseMember(search['variables']), parseMember(search['extensions'])];
  return variables === malformed || extensions === malformed
    ? undefined
    : readBody({ query: search['query'], operationName: search['operationName'], variables, extensions });
}

const malformed = Symbol('malformed');

function parseMember(text: unknown): unknown {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') return malformed;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return malformed;
  }
}

/** @returns undefined for a body that is refused, or that is not one operation */
function readBody(body: unknown): Operation | undefined {
  const operation = readOperationBody(body);
  if (operation === undefined) return undefined;
  const { query, variables, extensions } = operation;
  // Clients send an empty name for none.
  const operationName = operation.operationName || undefined;
  return { query, operationName, variables, persistedQuery: extensions?.['persistedQuery'] };
}
