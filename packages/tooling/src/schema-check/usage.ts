import {
  type DocumentNode,
  getNamedType,
  type GraphQLSchema,
  type GraphQLType,
  isEnumType,
  isInputObjectType,
  isUnionType,
  TypeInfo,
  typeFromAST,
  type TypeNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * Finds the schema members that an operation uses, as coordinates: `Order`, `Order.total`, `Query.orders.first`,
 * `OrderStatus.PAID`. For an input from a variable, it assumes that the operation uses every field.
 *
 * @param document the operation with its fragments
 */
export function findUsedCoordinates(document: DocumentNode, schema: GraphQLSchema): ReadonlySet<string> {
  const used = new Set<string>();
  const visitedInputs = new Set<string>();
  const info = new TypeInfo(schema);

  function useInput(type: GraphQLType | undefined): void {
    const named = getNamedType(type);
    if (!named || visitedInputs.has(named.name)) return;
    visitedInputs.add(named.name);
    used.add(named.name);
    if (isEnumType(named)) for (const { name } of named.getValues()) used.add(`${named.name}.${name}`);
    if (!isInputObjectType(named)) return;
    for (const field of Object.values(named.getFields())) {
      used.add(`${named.name}.${field.name}`);
      useInput(field.type);
    }
  }

  visit(
    document,
    visitWithTypeInfo(info, {
      VariableDefinition: ({ type }) => useInput(findType(schema, type)),
      NamedType: ({ name }) => void used.add(name.value),
      Field({ name }) {
        const parent = info.getParentType();
        if (!parent || name.value.startsWith('__')) return;
        used.add(parent.name).add(`${parent.name}.${name.value}`);
        const type = getNamedType(info.getType() ?? undefined);
        if (type) used.add(type.name);
        if (isUnionType(type)) for (const member of type.getTypes()) used.add(`${type.name}.${member.name}`);
      },
      Argument({ name }) {
        const parent = info.getParentType();
        const field = info.getFieldDef();
        if (parent && field) used.add(`${parent.name}.${field.name}.${name.value}`);
      },
      ObjectField({ name }) {
        const parent = getNamedType(info.getParentInputType() ?? undefined);
        if (parent) used.add(parent.name).add(`${parent.name}.${name.value}`);
      },
      EnumValue({ value }) {
        const type = getNamedType(info.getInputType() ?? undefined);
        if (type) used.add(type.name).add(`${type.name}.${value}`);
      },
    }),
  );
  return used;
}

/** `typeFromAST` has an overload for each kind of node, but none for their union. */
const findType = typeFromAST as (schema: GraphQLSchema, type: TypeNode) => GraphQLType | undefined;
