import { createRequest, stringifyDocument } from '@urql/core';
import type { Operation, SubscriptionOperation } from './operation.ts';

/** The form of GraphQL Code Generator's `graphql` mode: a parsed document, with types for the compiler only. */
export interface TypedNode<Data, Variables> {
  readonly kind: string;
  readonly definitions: readonly object[];
  readonly __apiType?: (variables: Variables) => Data;
}

/** The form of the client preset with `documentMode: 'string'`: a text, with its hash when `persistedDocuments` is set. */
// oxlint-disable-next-line typescript/no-wrapper-object-types -- the preset's class extends the object `String`
export interface TypedText<Data, Variables> extends String {
  readonly __meta__?: Record<string, unknown> | undefined;
  readonly __apiType?: (variables: Variables) => Data;
}

/** A query or mutation of this package, or one of your own that GraphQL Code Generator has typed. */
export type Document<Data, Variables> =
  | Operation<Data, Variables>
  | TypedNode<Data, Variables>
  | TypedText<Data, Variables>;

/** A subscription of this package, or one of your own that GraphQL Code Generator has typed. */
export type SubscriptionDocument<Data, Variables> =
  | SubscriptionOperation<Data, Variables>
  | TypedNode<Data, Variables>
  | TypedText<Data, Variables>;

type Read = Operation<unknown, never> | SubscriptionOperation<unknown, never>;

const known = new WeakMap<object, Read>();

/**
 * Returns a document as an operation. A parsed document is printed once.
 *
 * @throws TypeError when it has no query or mutation, or several
 */
export function toOperation<Data, Variables>(document: Document<Data, Variables>): Operation<Data, Variables> {
  const operation = read(document);
  if (operation.type === 'subscription') throw new TypeError('A request sends a query or a mutation.');
  return operation as Operation<Data, Variables>;
}

/**
 * Returns a document as a subscription. A parsed document is printed once.
 *
 * @throws TypeError when it has no subscription, or several operations
 */
export function toSubscription<Data, Variables>(
  document: SubscriptionDocument<Data, Variables>,
): SubscriptionOperation<Data, Variables> {
  const operation = read(document);
  if (operation.type !== 'subscription') throw new TypeError(`A subscription is not a ${operation.type}. Use request.`);
  return operation as SubscriptionOperation<Data, Variables>;
}

function read(document: Document<unknown, never> | SubscriptionDocument<unknown, never>): Read {
  if ('body' in document) return document;
  let operation = known.get(document);
  if (operation === undefined) known.set(document, (operation = readDocument(document)));
  return operation;
}

function readDocument(document: TypedNode<unknown, never> | TypedText<unknown, never>): Read {
  const text = document instanceof String ? document.toString() : (document as never);
  const { query } = createRequest(text, {});
  const operations = query.definitions.filter((definition) => definition.kind === 'OperationDefinition');
  const [operation] = operations;
  if (operation === undefined || operations.length > 1)
    throw new TypeError(`A request sends one operation, and this document has ${operations.length}.`);
  const common = { name: operation.name?.value ?? '', id: findHash(document), body: stringifyDocument(text) };
  if (operation.operation === 'subscription') return { ...common, type: operation.operation };
  return {
    ...common,
    type: operation.operation,
    ...(operation.selectionSet.selections.length > 1 && { hasSeveralFields: true }),
  };
}

/** The hash of the client preset's `persistedDocuments`, or an empty text. */
function findHash(document: object): string {
  const { __meta__: meta } = document as { readonly __meta__?: { readonly hash?: unknown } };
  return typeof meta?.hash === 'string' ? meta.hash.replace(/^sha256:/, '') : '';
}
