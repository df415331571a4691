import {
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

/** Marks made-up objects. Their missing fields are made up as well, and no resolver is called for them. */
export const madeUp = Symbol('made up');

const scalars: Readonly<Record<string, (field: string) => unknown>> = {
  ID: () => '00000000-0000-4000-8000-000000000001',
  String: (field) => `some ${field}`,
  Int: () => 1,
  Float: () => 1.5,
  Boolean: () => true,
  DateTime: () => new Date('2026-01-01T12:00:00.000Z'),
  MinorUnits: () => 1_999,
};

/**
 * A plausible value of a type, the same each time: nothing is null, a list has two items, an enum has its first value,
 * a union its first member.
 *
 * @param field the name of the field that needs the value
 * @throws Error for a scalar that it does not know
 */
export function mockValue(type: GraphQLOutputType, field: string, schema: GraphQLSchema): unknown {
  if (isNonNullType(type)) return mockValue(type.ofType, field, schema);
  if (isListType(type)) return [mockValue(type.ofType, field, schema), mockValue(type.ofType, field, schema)];
  if (isObjectType(type)) return { __typename: type.name, [madeUp]: true };
  if (isEnumType(type)) return type.getValues()[0]?.value;
  if (isUnionType(type)) return { __typename: type.getTypes()[0]?.name, [madeUp]: true };
  if ('getFields' in type) return { __typename: schema.getPossibleTypes(type)[0]?.name, [madeUp]: true };
  const make = scalars[type.name];
  if (make === undefined)
    throw new Error(`A value of the scalar ${type.name} cannot be made up: give an answer for the field ${field}.`);
  return make(field);
}
