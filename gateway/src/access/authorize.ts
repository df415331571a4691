import { createAccessError, isMet, type Credentials, type Requirement } from '@shop/access';
import { getOperationAST, GraphQLError, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { indexFragments, type Supergraph, type Variables } from '../supergraph/index.ts';
import { createCompletion, type Completion } from './complete-answer.ts';
import { filterOperation, type FilteredOperation } from './filter-operation.ts';
import { findRefusals, findRequirements, type OperationRequirements, type Refusals } from './find-refusals.ts';

/** Maximum number of kept variants of one operation. Each variant belongs to another set of scopes. */
const maxVariants = 32;

/** The permitted part of an operation, for callers with the same permissions. */
export interface Variant extends FilteredOperation {
  /** Identifies the unmet requirements. Callers with the same key get the same document. */
  readonly key: string;
  /** The fields of the whole document that the callers may not have. */
  readonly refusals: Refusals;
  readonly completion: (credentials: Credentials, variables: Variables | undefined) => Completion;
}

export interface Authorize {
  /** @returns undefined when the caller may have the whole operation, which costs one look-up */
  (document: DocumentNode, operationName: string | null | undefined, credentials: Credentials): Variant | undefined;
  /** Drops what is kept for a document. */
  forget(document: DocumentNode): void;
}

interface KnownOperation {
  readonly operation: OperationDefinitionNode;
  readonly requirements: OperationRequirements;
  readonly variants: Map<string, Variant>;
}

/**
 * Decides which part of an operation a caller may have. Decisions are kept as long as the parsed document, so the store of
 * documents, such as Apollo Server's, also limits their memory.
 *
 * The document must be valid for the supergraph's API. Throws GraphQLError OPERATION_RESOLUTION_FAILURE when it does not have the
 * operation.
 */
export function createAuthorize(supergraph: Supergraph): Authorize {
  const documents = new WeakMap<DocumentNode, Map<string, KnownOperation>>();

  function analyse(document: DocumentNode, operationName: string | null | undefined): KnownOperation {
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
      requirements: findRequirements(document, operation, supergraph),
      variants: new Map(),
    };
    operations.set(operationName ?? '', found);
    return found;
  }

  function authorize(
    document: DocumentNode,
    operationName: string | null | undefined,
    credentials: Credentials,
  ): Variant | undefined {
    const { operation, requirements, variants } = analyse(document, operationName);
    const unmet = requirements.all.filter((requirement) => !isMet(requirement, credentials));
    if (unmet.length === 0) return undefined;
    const key = unmet.map((requirement) => requirements.all.indexOf(requirement)).join('-');
    const variant =
      variants.get(key) ??
      createVariant(key, document, operation, findRefusals(requirements, new Set<Requirement>(unmet)), supergraph);
    if (variants.size >= maxVariants) variants.clear();
    variants.set(key, variant);
    return variant;
  }

  return Object.assign(authorize, { forget: (document: DocumentNode) => void documents.delete(document) });
}

function createVariant(
  key: string,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  refusals: Refusals,
  supergraph: Supergraph,
): Variant {
  const filtered = filterOperation(document, operation, refusals, supergraph);
  const fragments = indexFragments(document);
  return {
    ...filtered,
    key,
    refusals,
    completion: (credentials, variables) =>
      createCompletion({
        operation,
        fragments,
        refusals,
        supergraph,
        variables,
        typenameKey: filtered.typenameKey,
        createError: (requirement, path) => createAccessError(requirement, credentials, path),
      }),
  };
}
