import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

const scalars: Readonly<Record<string, unknown>> = {
  ID: '00000000-0000-4000-8000-000000000001',
  String: 'some text',
  Int: 1,
  Float: 1.5,
  Boolean: true,
  DateTime: '2026-01-01T12:00:00.000Z',
  MinorUnits: 1_999,
};

/** Plausible values for the required variables of an operation. */
export function variablesOf(operation: OperationDefinitionNode, schema: GraphQLSchema): Record<string, unknown> {
  const required = (operation.variableDefinitions ?? []).filter(
    ({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined,
  );
  return Object.fromEntries(
    required.map(({ variable, type }) => [variable.name.value, valueOf(typeFromAST(schema, type) as GraphQLInputType)]),
  );
}

function valueOf(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType);
  if (isListType(type)) return [valueOf(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    return Object.fromEntries(
      Object.values(type.getFields())
        .filter(isRequiredInputField)
        .map((field) => [field.name, valueOf(field.type)]),
    );
  }
  if (!(type.name in scalars))
    throw new Error(`The scalar ${type.name} has no value for tests. Add one to e2e/contracts/variables.ts.`);
  return scalars[type.name];
}
