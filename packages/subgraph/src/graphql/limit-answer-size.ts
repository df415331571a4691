import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { createCodedError, type MaskedOperation } from '@shop/graphql';
import { requestIdHeader, type Logger } from '@shop/process';
import {
  defaultFieldResolver,
  type ExecutionResult,
  getNamedType,
  isLeafType,
  isObjectType,
  GraphQLError,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import { countObjects, measureLeaf, measureObject } from './measure-value.ts';
import { isPromise, type PlainFields } from './compiled-operation.ts';
import { findPlaceholder, type Placeholder } from './placeholder.ts';

/** The key of the meter in a request's context. A symbol is kept when Apollo Server copies the object. */
const meterKey = Symbol('answer size');

/** A value that is not there yet takes memory too. Without this, an operation could start any number of loads before the first ends. */
const pendingBytes = 32;

/** Counts the bytes of one answer. */
interface Meter {
  bytes: number;
  /** True once the answer is too large. */
  isFull: boolean;
}

interface MeteredContext {
  [meterKey]?: Meter;
}

export interface AnswerLimit extends PlainFields {
  /** Makes a schema count what its fields return. Changes it in place. */
  apply(schema: GraphQLSchema): void;
  /** Begins to count what is answered with a context. The context of each request must be of its own. */
  measure(context: object): void;
  /** Replaces an answer that is too large by one error. */
  check(result: ExecutionResult, context: object, operation: MaskedOperation): ExecutionResult;
  /** Does so for Apollo Server. It must be the first plugin. */
  readonly plugin: ApolloServerPlugin<BaseContext>;
}

/**
 * Limits the size of answers while they are made. Once the values of an answer have more bytes, the remaining fields get placeholders:
 * no resolver is called for them. Then the answer becomes one error. So the text of a large answer is never in memory, however often an
 * operation repeats a field under aliases.
 *
 * No field fails instead: graphql-js drops promises of a list when a field throws, and their rejections would end the process.
 *
 * @param options.maxBytes of JSON, by an estimate that is near to the real size
 */
export function createAnswerLimit(options: { maxBytes: number; service: string; logger: Logger }): AnswerLimit {
  const { maxBytes, service, logger } = options;
  const message =
    `The answer of the ${service} service would have more than ${maxBytes} bytes. ` +
    'Ask for less: smaller pages, fewer fields, or fewer aliases.';

  function add(meter: Meter, bytes: number): void {
    meter.bytes += bytes;
    if (meter.bytes > maxBytes) meter.isFull = true;
  }

  /** Counts a value of a field. Returns it, or its placeholder when the answer is too large. */
  function count(meter: Meter, bytes: number, value: unknown, placeholder: Placeholder | undefined): unknown {
    add(meter, bytes);
    return meter.isFull && placeholder !== undefined ? placeholder.value : value;
  }

  /** The placeholders of the fields whose values are only read from their parents. */
  const plainFields = new WeakMap<object, Placeholder | undefined>();

  function guard(field: GraphQLField<unknown, MeteredContext>): void {
    const { resolve = defaultFieldResolver } = field;
    const isLeaf = isLeafType(getNamedType(field.type));
    const measure = isLeaf ? measureLeaf : measureObjects;
    const placeholder = findPlaceholder(field.type);
    if (isLeaf && field.resolve === undefined) plainFields.set(field, placeholder);

    const keep = (meter: Meter, value: unknown, info: GraphQLResolveInfo): unknown =>
      count(meter, meter.isFull ? 0 : measure(value, info), value, placeholder);

    field.resolve = (source, args, context, info) => {
      const meter = context[meterKey];
      if (meter?.isFull === true && placeholder !== undefined) return placeholder.value;
      const value: unknown = resolve(source, args, context, info);
      if (meter === undefined) return value;
      if (!isPromise(value)) return keep(meter, value, info);
      add(meter, pendingBytes);
      return value.then((settled) => {
        meter.bytes -= pendingBytes;
        return keep(meter, settled, info);
      });
    };
  }

  const isFull = (context: object): boolean => (context as MeteredContext)[meterKey]?.isFull === true;

  function refuse({ operationName, requestId }: MaskedOperation): GraphQLError {
    logger.warn({ limit: maxBytes, operation: operationName, requestId }, 'an answer was too large');
    const { extensions } = createCodedError('RESPONSE_SIZE_LIMIT_EXCEEDED', { extensions: { limit: maxBytes } });
    return new GraphQLError(message, { extensions });
  }

  const plugin: ApolloServerPlugin<BaseContext> = {
    async requestDidStart() {
      return {
        async willSendResponse({ response, contextValue, request, operationName }) {
          if (!isFull(contextValue) || response.body.kind !== 'single') return;
          const requestId = request.http?.headers.get(requestIdHeader);
          const { message, extensions } = refuse({ operationName: operationName ?? undefined, requestId });
          response.body.singleResult = { data: null, errors: [{ message, extensions }] };
        },
      };
    },
  };

  return {
    apply(schema) {
      for (const type of Object.values(schema.getTypeMap())) {
        if (!isObjectType(type) || type.name.startsWith('__')) continue;
        for (const field of Object.values(type.getFields())) guard(field);
      }
    },
    isPlain: (field) => plainFields.has(field),
    take(context, field, value) {
      const meter = (context as MeteredContext)[meterKey];
      if (meter === undefined) return value;
      return count(meter, meter.isFull ? 0 : measureLeaf(value), value, plainFields.get(field));
    },
    measure(context) {
      (context as MeteredContext)[meterKey] = { bytes: 0, isFull: false };
    },
    check: (result, context, operation) => (isFull(context) ? { data: null, errors: [refuse(operation)] } : result),
    plugin,
  };
}

function measureObjects(value: unknown, { fieldNodes, fragments }: GraphQLResolveInfo): number {
  const count = countObjects(value);
  if (count === 0) return 0;
  let bytes = 0;
  for (const node of fieldNodes) bytes += measureObject(node, fragments);
  return count * bytes;
}
