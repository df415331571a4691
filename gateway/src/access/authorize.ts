import { createAccessError, isMet, type Credentials, type Requirement } from '@shop/access';
import { getOperationAST, GraphQLError, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { completionOf, type Completion } from './complete-answer.ts';
import { filterOperation, type FilteredOperation } from './filter-operation.ts';
import type { SupergraphAccess } from './read-supergraph.ts';
import {
  fragmentsOf,
  refusalsOf,
  requirementsOfOperation,
  type OperationRequirements,
  type Refusals,
} from './refusals.ts';

/** How many variants of one operation are kept; a caller needs as many kinds of scopes to make more. */
const maxVariants = 32;

/** An operation as one kind of caller may have it. */
export interface Variant extends FilteredOperation {
  /** Stands for the requirements that are not met: callers with the same key get the same document. */
  readonly key: string;
  readonly completion: (
    credentials: Credentials,
    variables: Readonly<Record<string, unknown>> | undefined,
  ) => Completion;
}

/** @returns undefined when the caller may have the operation as it is, which costs one look into a map */
export type Authorize = (
  document: DocumentNode,
  operationName: string | null | undefined,
  credentials: Credentials,
) => Variant | undefined;

interface KnownOperation {
  readonly operation: OperationDefinitionNode;
  readonly requirements: OperationRequirements;
  readonly variants: Map<string, Variant>;
}

/**
 * Decides what a caller may have of an operation. What was found out is kept as long as the parsed document, so that its
 * memory is bounded by whoever keeps documents, such as Apollo Server's document store.
 *
 * The document must be valid for the supergraph's API. Throws GraphQLError OPERATION_RESOLUTION_FAILURE when it does not have the
 * operation.
 */
export function createAuthorize(access: SupergraphAccess): Authorize {
  const documents = new WeakMap<DocumentNode, Map<string, KnownOperation>>();

  function know(document: DocumentNode, operationName: string | null | undefined): KnownOperation {
    const operations = documents.get(document) ?? new Map<string, KnownOperation>();
    documents.set(document, operations);
    const known = operations.get(operationName ?? '');
    if (known !== undefined) return known;
    const operation = getOperationAST(document, operationName);
    if (operation == null) {
      throw new GraphQLError('The document does not have the operation.', {
        extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
      });
    }
    const found = {
      operation,
      requirements: requirementsOfOperation(document, operation, access),
      variants: new Map(),
    };
    operations.set(operationName ?? '', found);
    return found;
  }

  return (document, operationName, credentials) => {
    const { operation, requirements, variants } = know(document, operationName);
    const unmet = requirements.all.filter((requirement) => !isMet(requirement, credentials));
    if (unmet.length === 0) return undefined;
    const key = unmet.map((requirement) => requirements.all.indexOf(requirement)).join('-');
    const variant =
      variants.get(key) ??
      createVariant(key, document, operation, refusalsOf(requirements, new Set<Requirement>(unmet)), access);
    if (variants.size >= maxVariants) variants.clear();
    variants.set(key, variant);
    return variant;
  };
}

function createVariant(
  key: string,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  refusals: Refusals,
  { index }: SupergraphAccess,
): Variant {
  const filtered = filterOperation(document, operation, refusals, index);
  const fragments = fragmentsOf(document);
  return {
    ...filtered,
    key,
    completion: (credentials, variables) =>
      completionOf({
        operation,
        fragments,
        refusals,
        index,
        variables,
        typenameKey: filtered.typenameKey,
        errorOf: (requirement, path) => createAccessError(requirement, credentials, path),
      }),
  };
}
