import { GraphQLError, Kind, type DocumentNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { ExecutionResult } from '../execution/execution-stages.ts';
import { getResponseName, indexFragments } from '../supergraph/index.ts';

/** The fields of one place of the answer by their internal names. Fields without a new name, below too, are left out. */
export type ResponseNames = ReadonlyMap<string, ResponseName>;

interface ResponseName {
  /** The name that the client gave. */
  readonly name: string;
  /** Undefined when no field below was renamed. */
  readonly below: ResponseNames | undefined;
}

/** @param clientNames the clients' names by the internal names */
export function indexResponseNames(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  clientNames: ReadonlyMap<string, string>,
): ResponseNames | undefined {
  const fragments = indexFragments(document);

  /** Fields with one response name are at one place of the answer, whatever their types. */
  function index(sources: readonly SelectionSetNode[]): ResponseNames | undefined {
    const places = new Map<string, SelectionSetNode[]>();
    const collect = ({ selections }: SelectionSetNode): void => {
      for (const node of selections) {
        if (node.kind === Kind.FIELD) {
          const name = getResponseName(node);
          const known = places.get(name) ?? [];
          if (node.selectionSet !== undefined) known.push(node.selectionSet);
          places.set(name, known);
        } else {
          const inner = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
          if (inner !== undefined) collect(inner.selectionSet);
        }
      }
    };
    sources.forEach(collect);

    const names = new Map<string, ResponseName>();
    for (const [internal, below] of places) {
      const name = clientNames.get(internal) ?? internal;
      const namesBelow = index(below);
      if (name !== internal || namesBelow !== undefined) names.set(internal, { name, below: namesBelow });
    }
    return names.size === 0 ? undefined : names;
  }

  return index([operation.selectionSet]);
}

/** Gives the fields of an answer, and the paths of its errors, the client's names. */
export function restoreResponseNames(result: ExecutionResult, names: ResponseNames): ExecutionResult {
  const { data, errors, extensions } = result;
  const incomplete = extensions?.['valueCompletion'];
  const restored = {
    ...result,
    ...(data == null ? {} : { data: restoreValue(data, names) }),
    ...(errors === undefined ? {} : { errors: errors.map((error) => restoreError(error, names)) }),
    ...(Array.isArray(incomplete)
      ? {
          extensions: {
            ...extensions,
            valueCompletion: incomplete.map((error) => restoreError(error as GraphQLError, names)),
          },
        }
      : {}),
  };
  return restored as ExecutionResult;
}

function restoreValue(value: unknown, names: ResponseNames): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => restoreValue(item, names));
  // Without a prototype, `__proto__` is a name like any other.
  const restored = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of Object.entries(value)) {
    const known = names.get(key);
    restored[known?.name ?? key] = known?.below === undefined ? member : restoreValue(member, known.below);
  }
  return restored;
}

function restoreError(error: GraphQLError, names: ResponseNames): GraphQLError {
  if (error.path === undefined) return error;
  let place: ResponseNames | undefined = names;
  const path = error.path.map((step) => {
    if (typeof step === 'number' || step === '@') return step;
    const known: ResponseName | undefined = place?.get(step);
    place = known?.below;
    return known?.name ?? step;
  });
  if (path.every((step, index) => step === error.path?.[index])) return error;
  const { message, nodes = null, source = null, positions = null, originalError = null, extensions } = error;
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions });
}
