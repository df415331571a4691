import type { Requirement } from '@shop/access';
import { Kind, type FieldNode, type GraphQLError, type OperationDefinitionNode, type TypeNode } from 'graphql';
import { addDefaults, type Supergraph, type Variables } from '../supergraph/index.ts';
import { collectFields, type CollectedField, type CollectOptions, type SelectionSource } from './collect-fields.ts';

type Data = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** Creating an error takes longer than the rest of the work for a place, and an answer never shows more than a hundred. */
const maxErrors = 101;

export interface CompleteOptions extends Omit<CollectOptions, 'variables' | 'supergraph'> {
  readonly supergraph: Supergraph;
  readonly operation: OperationDefinitionNode;
  readonly typenameKey: string;
  readonly variables: Variables | undefined;
  /** Makes the error for a refused field. */
  readonly createError: (requirement: Requirement, path: Path) => GraphQLError;
}

export interface Completion {
  /** The answer when no subgraph is needed for it: no field is left, or a root field that cannot be null was refused. */
  readonly decided: CompletedAnswer | undefined;
  /** @param data of the filtered operation */
  complete(data: Data | null): CompletedAnswer;
}

export interface CompletedAnswer {
  readonly data: Data | null;
  /** One error for each place of a refused field, for the first of them, unless its requirement is silent. */
  readonly errors: GraphQLError[];
}

/**
 * Prepares to put the refused fields into the answer of the filtered operation. Each gets null and an error at every place
 * where the whole operation would have had a value, in its order. Null for a field that cannot be null makes its parent null.
 */
export function createCompletion(options: CompleteOptions): Completion {
  const { supergraph, operation } = options;
  const collectOptions = { ...options, variables: addDefaults(operation, options.variables) };
  const root = supergraph.getRootType(operation.operation);
  const rootFields = collectFields([operation], root, collectOptions);
  return {
    decided: decide(rootFields, root, options),
    complete: (data) => createCompleter(options, collectOptions)(rootFields, root, data),
  };
}

function decide(
  fields: ReadonlyMap<string, CollectedField>,
  root: string,
  { supergraph, createError }: CompleteOptions,
): CompletedAnswer | undefined {
  const refused = [...fields].flatMap(([name, { allowed, refused }]) =>
    allowed.length === 0 && refused[0] !== undefined ? [{ name, ...refused[0] }] : [],
  );
  const isNull = refused.some(({ node }) => supergraph.getField(root, node.name.value)?.isNonNull === true);
  if (refused.length === 0 || (!isNull && refused.length < fields.size)) return undefined;
  return {
    data: isNull ? null : Object.fromEntries(refused.map(({ name }) => [name, null])),
    errors: refused.flatMap(({ name, requirement }) =>
      isSilent(requirement) ? [] : [createError(requirement, [name])],
    ),
  };
}

const isSilent = ({ kind }: Requirement): boolean => kind === 'nullForAnonymous';

function createCompleter({ supergraph, typenameKey, createError }: CompleteOptions, collectOptions: CollectOptions) {
  const errors: GraphQLError[] = [];

  function completeObject(
    fields: ReadonlyMap<string, CollectedField>,
    type: string,
    source: Data,
    path: Path,
  ): Data | null {
    const result: Record<string, unknown> = {};
    for (const [name, field] of fields) {
      const node = (field.allowed[0] ?? field.refused[0]?.node) as FieldNode;
      const returned = supergraph.getField(type, node.name.value)?.type;
      const value = completeField(field, returned, source[name] ?? null, [...path, name]);
      if (value === null && returned?.kind === Kind.NON_NULL_TYPE) return null;
      result[name] = value;
    }
    return result;
  }

  function completeField(
    { allowed, refused }: CollectedField,
    returned: TypeNode | undefined,
    value: unknown,
    path: Path,
  ): unknown {
    if (allowed.length === 0 && refused[0] !== undefined) {
      const { requirement } = refused[0];
      if (!isSilent(requirement) && errors.length < maxErrors) errors.push(createError(requirement, path));
      return null;
    }
    const sources: SelectionSource[] = [];
    for (const { selectionSet } of allowed) if (selectionSet) sources.push({ selectionSet });
    for (const { node, requirement } of refused)
      if (node.selectionSet) sources.push({ selectionSet: node.selectionSet, requirement });
    // Leaves and introspection stay unchanged.
    return returned === undefined || sources.length === 0 ? value : completeValue(returned, value, sources, path);
  }

  function completeValue(type: TypeNode, value: unknown, sources: readonly SelectionSource[], path: Path): unknown {
    if (type.kind === Kind.NON_NULL_TYPE) return completeValue(type.type, value, sources, path);
    if (value === null) return null;
    if (type.kind === Kind.LIST_TYPE) {
      const items: unknown[] = [];
      for (const [position, item] of (value as unknown[]).entries()) {
        const completed = completeValue(type.type, item, sources, [...path, position]);
        if (completed === null && type.type.kind === Kind.NON_NULL_TYPE) return null;
        items.push(completed);
      }
      return items;
    }
    const source = value as Data;
    const name = type.name.value;
    const runtimeType = supergraph.isAbstract(name) ? String(source[typenameKey]) : name;
    return completeObject(collectFields(sources, runtimeType, collectOptions), runtimeType, source, path);
  }

  return (fields: ReadonlyMap<string, CollectedField>, root: string, data: Data | null): CompletedAnswer => ({
    data: data === null ? null : completeObject(fields, root, data, []),
    errors,
  });
}
