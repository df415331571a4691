import {
  Kind,
  valueFromASTUntyped,
  type FieldNode,
  type GraphQLError,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql';
import { collectFields, type CollectedField, type CollectOptions, type SelectionSource } from './collect-fields.ts';
import type { Requirement } from '@shop/access';

type Data = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

export interface CompleteOptions extends Omit<CollectOptions, 'variables'> {
  readonly operation: OperationDefinitionNode;
  readonly typenameKey: string;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  /** The error for a field that was refused. */
  readonly errorOf: (requirement: Requirement, path: Path) => GraphQLError;
}

export interface Completion {
  /** The answer when nobody has to be asked for it: no field is left, or one that cannot be null was refused at the root. */
  readonly decided: CompletedAnswer | undefined;
  /** @param data of the filtered operation */
  complete(data: Data | null): CompletedAnswer;
}

export interface CompletedAnswer {
  readonly data: Data | null;
  /** One for each place at which a refused field would stand. */
  readonly errors: GraphQLError[];
}

/**
 * Puts what was refused into the answer of the filtered operation: null and an error, at each place where the whole
 * operation would have had a value, in its order. Null in place of what cannot be null makes its parent null.
 */
export function completionOf(options: CompleteOptions): Completion {
  const { index, operation } = options;
  const collectOptions = { ...options, variables: withDefaults(operation, options.variables) };
  const root = index.rootTypeOf(operation.operation);
  const rootFields = collectFields([operation], root, collectOptions);
  return {
    decided: decide(rootFields, root, options),
    complete: (data) => createCompleter(options, collectOptions)(rootFields, root, data),
  };
}

function decide(
  fields: ReadonlyMap<string, CollectedField>,
  root: string,
  { index, errorOf }: CompleteOptions,
): CompletedAnswer | undefined {
  const refused = [...fields].flatMap(([name, { allowed, refused }]) =>
    allowed.length === 0 && refused[0] !== undefined ? [{ name, ...refused[0] }] : [],
  );
  const isNull = refused.some(({ node }) => index.fieldTypeOf(root, node.name.value)?.kind === Kind.NON_NULL_TYPE);
  if (refused.length === 0 || (!isNull && refused.length < fields.size)) return undefined;
  return {
    data: isNull ? null : Object.fromEntries(refused.map(({ name }) => [name, null])),
    errors: refused.map(({ name, requirement }) => errorOf(requirement, [name])),
  };
}

function createCompleter({ index, typenameKey, errorOf }: CompleteOptions, collectOptions: CollectOptions) {
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
      const returned = index.fieldTypeOf(type, node.name.value);
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
      errors.push(errorOf(refused[0].requirement, path));
      return null;
    }
    const sources: SelectionSource[] = [];
    for (const { selectionSet } of allowed) if (selectionSet) sources.push({ selectionSet });
    for (const { node, requirement } of refused)
      if (node.selectionSet) sources.push({ selectionSet: node.selectionSet, requirement });
    // Leaves, and introspection, are as they came.
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
    const runtimeType = index.isAbstract(name) ? String(source[typenameKey]) : name;
    return completeObject(collectFields(sources, runtimeType, collectOptions), runtimeType, source, path);
  }

  return (fields: ReadonlyMap<string, CollectedField>, root: string, data: Data | null): CompletedAnswer => ({
    data: data === null ? null : completeObject(fields, root, data, []),
    errors,
  });
}

function withDefaults(
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>> = {},
) {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
  );
  return { ...Object.fromEntries(defaults), ...given };
}
