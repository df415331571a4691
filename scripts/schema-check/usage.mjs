import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isUnionType,
  Kind,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * What an operation uses of a schema, as coordinates: `Order`, `Order.total`, `Query.orders.first`, `OrderStatus.PAID`. Of an input that
 * is given by a variable it may use every field.
 *
 * @param document the operation with its fragments
 */
export function usageOf(document, schema) {
  const used = new Set();
  const info = new TypeInfo(schema);

  function useInput(type) {
    const named = getNamedType(type);
    if (!named || used.has(`input ${named.name}`)) return;
    used.add(`input ${named.name}`).add(named.name);
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
      VariableDefinition: ({ type }) => useInput(typeFromAST(schema, type)),
      NamedType: ({ name }) => void used.add(name.value),
      Field({ name }) {
        const parent = info.getParentType();
        if (!parent || name.value.startsWith('__')) return;
        used.add(parent.name).add(`${parent.name}.${name.value}`);
        const type = getNamedType(info.getType());
        if (type) used.add(type.name);
        if (isUnionType(type)) for (const member of type.getTypes()) used.add(`${type.name}.${member.name}`);
      },
      Argument({ name }) {
        const parent = info.getParentType();
        const field = info.getFieldDef();
        if (parent && field) used.add(`${parent.name}.${field.name}.${name.value}`);
      },
      ObjectField({ name }) {
        const parent = getNamedType(info.getParentInputType());
        if (parent) used.add(parent.name).add(`${parent.name}.${name.value}`);
      },
      EnumValue({ value }) {
        const type = getNamedType(info.getInputType());
        if (type) used.add(type.name).add(`${type.name}.${value}`);
      },
    }),
  );
  return used;
}

/** Each operation of some files as a document of its own, with the fragments that it needs. */
export function operationsOf(documents) {
  const definitions = documents.flatMap(({ file, document }) => document.definitions.map((node) => ({ file, node })));
  const fragments = new Map(
    definitions.filter(({ node }) => node.kind === Kind.FRAGMENT_DEFINITION).map(({ node }) => [node.name.value, node]),
  );
  return definitions
    .filter(({ node }) => node.kind === Kind.OPERATION_DEFINITION)
    .map(({ file, node }) => ({
      file,
      name: node.name?.value ?? '(anonymous)',
      document: { kind: Kind.DOCUMENT, definitions: [node, ...neededBy(node, fragments)] },
    }));
}

function neededBy(node, fragments, seen = new Set()) {
  visit(node, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (fragment === undefined || seen.has(fragment)) return;
      seen.add(fragment);
      neededBy(fragment, fragments, seen);
    },
  });
  return seen;
}
