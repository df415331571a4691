import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { createCodedError } from '@shop/graphql';
import { requestIdHeader, type Logger } from '@shop/process';
import {
  defaultFieldResolver,
  getNamedType,
  isLeafType,
  isObjectType,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import { countObjects, measureLeaf, measureObject, shortText } from './measure-value.ts';
import { findPlaceholder } from './placeholder.ts';

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
  readonly [meterKey]?: Meter;
}

export interface AnswerLimit {
  /** Makes a schema count what its fields return. Changes it in place. */
  apply(schema: GraphQLSchema): void;
  /** Returns what the context of each request must have. */
  createContext(): object;
  /** Replaces an answer that is too large by one error. It must be the first plugin. */
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

  function guard(field: GraphQLField<unknown, MeteredContext>): void {
    const { resolve = defaultFieldResolver } = field;
    const measure = isLeafType(getNamedType(field.type)) ? measureLeaf : measureObjects;
    const placeholder = findPlaceholder(field.type);

    function keep(meter: Meter, value: unknown, info: GraphQLResolveInfo): unknown {
      if (!meter.isFull) add(meter, measure(value, info));
      return meter.isFull && placeholder !== undefined ? placeholder.value : value;
    }

    field.resolve = (source, args, context, info) => {
      const meter = context[meterKey];
      if (meter?.isFull === true && placeholder !== undefined) return placeholder.value;
      const value: unknown = resolve(source, args, context, info);
      if (meter === undefined) return value;
      // Most fields are short texts.
      if (typeof value === 'string' && value.length < shortText) {
        meter.bytes += value.length;
        if (meter.bytes > maxBytes) meter.isFull = true;
        return value;
      }
      if (!isPromise(value)) return keep(meter, value, info);
      add(meter, pendingBytes);
      return value.then((settled) => {
        meter.bytes -= pendingBytes;
        return keep(meter, settled, info);
      });
    };
  }

  const plugin: ApolloServerPlugin<BaseContext> = {
    async requestDidStart() {
      return {
        async willSendResponse({ response, contextValue, request, operationName }) {
          if ((contextValue as MeteredContext)[meterKey]?.isFull !== true || response.body.kind !== 'single') return;
          const { extensions } = createCodedError('RESPONSE_SIZE_LIMIT_EXCEEDED', { extensions: { limit: maxBytes } });
          response.body.singleResult = { data: null, errors: [{ message, extensions }] };
          const requestId = request.http?.headers.get(requestIdHeader);
          logger.warn({ limit: maxBytes, operation: operationName ?? undefined, requestId }, 'an answer was too large');
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
    createContext: () => ({ [meterKey]: { bytes: 0, isFull: false } satisfies Meter }),
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

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
