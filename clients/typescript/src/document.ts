import { createRequest, stringifyDocument } from '@urql/core';
import type { Operation } from './operation.ts';

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

/** An operation of this package, or one of your own that GraphQL Code Generator has typed. */
export type Document<Data, Variables> =
  Operation<Data, Variables> | TypedNode<Data, Variables> | TypedText<Data, Variables>;

const known = new WeakMap<object, Operation<unknown, never>>();

/**
 * Returns a document as an operation. A parsed document is printed once.
 *
 * @throws TypeError when it has no query or mutation, or several
 */
export function toOperation<Data, Variables>(document: Document<Data, Variables>): Operation<Data, Variables> {
  if ('body' in document) return document;
  let operation = known.get(document);
  if (operation === undefined) known.set(document, (operation = readDocument(document)));
  return operation as Operation<Data, Variables>;
}

function readDocument(document: TypedNode<unknown, never> | TypedText<unknown, never>): Operation<unknown, never> {
  const text = document instanceof String ? document.toString() : (document as never);
  const { query } = createRequest(text, {});
  const operations = query.definitions.filter((definition) => definition.kind === 'OperationDefinition');
  const [operation] = operations;
  if (operation === undefined || operations.length > 1)
    throw new TypeError(`A request sends one operation, and this document has ${operations.length}.`);
  if (operation.operation === 'subscription') throw new TypeError('A request sends a query or a mutation.');
  return {
    name: operation.name?.value ?? '',
    type: operation.operation,
    id: findHash(document),
    body: stringifyDocument(text),
    ...(operation.selectionSet.selections.length > 1 && { hasSeveralFields: true }),
  };
}

/** The hash of the client preset's `persistedDocuments`, or an empty text. */
function findHash(document: object): string {
  const { __meta__: meta } = document as { readonly __meta__?: { readonly hash?: unknown } };
  return typeof meta?.hash === 'string' ? meta.hash.replace(/^sha256:/, '') : '';
}
