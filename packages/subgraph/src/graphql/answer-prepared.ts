import {
  conformingData,
  findAnswerType,
  isJsonType,
  nameSpan,
  readOperationBody,
  recordErrors,
  type ErrorMasking,
} from '@shop/graphql';
import { trace } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { execute, type GraphQLSchema } from 'graphql';
import type { AnswerLimit } from './limit-answer-size.ts';
import { PreparedOperations } from './prepared-operations.ts';
import type { Preloads } from './resolvers.ts';

export interface AnswerPreparedOptions {
  readonly schema: GraphQLSchema;
  readonly preloads: Preloads;
  readonly masking: ErrorMasking;
  readonly answerLimit: AnswerLimit;
  readonly createContext: (request: FastifyRequest) => object;
}

/**
 * The short way of a request: a POST of JSON with a valid operation, as gateways send it. A gateway has few different texts, so that
 * nearly all of them are parsed and validated already. Apollo Server would add a third to the cost of a small call. It
 * answers everything that is refused, so that there is one form of refusals.
 *
 * @returns a function that answers a request, or returns false, and then nothing was done
 */
export function createAnswerPrepared(
  options: AnswerPreparedOptions,
): (request: FastifyRequest, reply: FastifyReply) => Promise<boolean> {
  const { schema, preloads, masking, answerLimit, createContext } = options;
  const operations = new PreparedOperations({ schema, plainFields: answerLimit, preloads });

  return async (request, reply) => {
    const { headers, body } = request;
    const type = findAnswerType(headers.accept);
    const read = type !== undefined && isJsonType(headers['content-type']) ? readOperationBody(body) : undefined;
    // Extensions ask for what Apollo Server does, such as a persisted query.
    if (type === undefined || read?.query === undefined || read.extensions !== undefined) return false;
    const { query, operationName, variables } = read;
    // No operation has an empty name.
    const prepared = operationName === '' ? undefined : operations.find(query, operationName);
    if (prepared === undefined) return false;
    const { document, operation, compiled } = prepared;

    const contextValue = createContext(request);
    const result =
      (await compiled.execute(contextValue, variables ?? {})) ??
      (await execute({ schema, document, contextValue, variableValues: variables, operationName }));
    // Variables that do not fit are refused before anything is resolved.
    if (result.data === undefined) return false;
    const name = operation.name?.value;
    const answer = answerLimit.check(result, contextValue, { operationName: name, requestId: request.id });
    const { data = null, errors: unmasked } = answer;
    const errors = unmasked && masking.maskErrors(unmasked, { operationName: name, requestId: request.id });
    const span = trace.getActiveSpan();
    if (span?.isRecording() === true) {
      nameSpan(span, operation.operation, name);
      recordErrors(span, errors ?? [], data !== null);
    }
    if (errors === undefined) reply.header(conformingData.header, conformingData.value);
    reply.type(type).send(`${JSON.stringify(errors === undefined ? { data } : { errors, data })}\n`);
    return true;
  };
}
