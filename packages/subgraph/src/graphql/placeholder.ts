import {
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  type GraphQLOutputType,
} from 'graphql';

export interface Placeholder {
  readonly value: unknown;
}

/** One of these is a value of every usual scalar. */
const scalarValues = ['', 0, false, new Date(0)];

/**
 * Finds a small value that a field may have: null, an empty list, an object without members, or any scalar or enum value.
 *
 * @returns undefined when there is none, as for a union that cannot be null
 */
export function findPlaceholder(type: GraphQLOutputType): Placeholder | undefined {
  if (!isNonNullType(type)) return { value: null };
  const nullable = getNullableType(type);
  if (isListType(nullable)) return { value: [] };
  if (isObjectType(nullable)) return { value: {} };
  if (isEnumType(nullable)) return { value: nullable.getValues()[0]?.value };
  if (!isScalarType(nullable)) return undefined;
  const value = scalarValues.find((candidate) => canSerialize(() => nullable.serialize(candidate)));
  return value === undefined ? undefined : { value };
}

function canSerialize(serialize: () => unknown): boolean {
  try {
    return serialize() !== undefined;
  } catch {
    return false;
  }
}
