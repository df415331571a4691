import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isSpecifiedScalarType,
  Kind,
  parseType,
  type GraphQLInputType,
  type ValueNode,
  type VariableDefinitionNode,
  type VariableNode,
} from 'graphql';

/** Collects literals as variables. Equal literals of one type are one variable, because fields with equal arguments can be merged. */
export function createLiteralVariables(taken: ReadonlySet<string>) {
  const definitions: VariableDefinitionNode[] = [];
  const values: Record<string, unknown> = {};
  const known = new Map<string, VariableNode>();
  let prefix = 'literal';
  while ([...taken].some((name) => name.startsWith(prefix))) prefix += '_';

  return {
    definitions,
    values,
    /** @returns undefined for a value that must stay in the document */
    add(node: ValueNode, type: GraphQLInputType): VariableNode | undefined {
      const value = readLiteral(node, type);
      if (value === unreadable) return undefined;
      const key = `${String(type)} ${JSON.stringify(value)}`;
      let variable = known.get(key);
      if (variable === undefined) {
        const name = `${prefix}${definitions.length}`;
        variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } };
        known.set(key, variable);
        values[name] = value;
        definitions.push({
          kind: Kind.VARIABLE_DEFINITION,
          variable,
          type: parseType(String(type), { noLocation: true }),
        });
      }
      return variable;
    },
  };
}

const unreadable = Symbol('unreadable');

/**
 * The JSON value that means the same as a literal. Unreadable is what has a variable inside, what JSON could not carry without loss, and
 * lists and objects of custom scalars, whose enum values have no form in JSON.
 */
function readLiteral(node: ValueNode, type: GraphQLInputType): unknown {
  const nullable = getNullableType(type);
  if (node.kind === Kind.VARIABLE) return unreadable;
  if (node.kind === Kind.NULL) return null;
  if (isListType(nullable)) {
    // A single value stands for a list of one.
    if (node.kind !== Kind.LIST) return readLiteral(node, nullable.ofType);
    const items = node.values.map((item) => readLiteral(item, nullable.ofType));
    return items.includes(unreadable) ? unreadable : items;
  }
  if (isInputObjectType(nullable)) {
    if (node.kind !== Kind.OBJECT) return unreadable;
    const fields = nullable.getFields();
    const entries: [string, unknown][] = [];
    for (const { name, value } of node.fields) {
      const field = fields[name.value];
      const read = field === undefined ? unreadable : readLiteral(value, field.type);
      if (read === unreadable) return unreadable;
      entries.push([name.value, read]);
    }
    return Object.fromEntries(entries);
  }
  if (isEnumType(nullable)) return node.kind === Kind.ENUM ? node.value : unreadable;
  if (node.kind === Kind.STRING || node.kind === Kind.BOOLEAN) return node.value;
  if (node.kind === Kind.INT) {
    // An ID may be written as a number of any length.
    if (nullable.name === 'ID') return node.value;
    return Number.isSafeInteger(Number(node.value)) ? Number(node.value) : unreadable;
  }
  if (node.kind === Kind.FLOAT && isSpecifiedScalarType(nullable)) {
    const value = Number(node.value);
    return Number.isFinite(value) ? value : unreadable;
  }
  return unreadable;
}
