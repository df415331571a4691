import { Kind, type DocumentNode, type NamedTypeNode, type OperationTypeNode, type TypeNode } from 'graphql';

/** What has to be known of a supergraph's types to follow an operation through them. */
export interface SchemaIndex {
  rootTypeOf(operation: OperationTypeNode): string;
  /** Undefined for `__typename` and introspection. */
  fieldTypeOf(type: string, field: string): TypeNode | undefined;
  isAbstract(type: string): boolean;
  /** Every field of an object, as `Type.field`: for whoever lists what may be selected by whom. */
  objectFields(): string[];
  /** Whether an object of `type` is matched by a fragment on `condition`. */
  isMatchedBy(type: string, condition: string): boolean;
}

export function indexSchema(supergraph: DocumentNode): SchemaIndex {
  const roots = new Map<string, string>();
  const fields = new Map<string, ReadonlyMap<string, TypeNode>>();
  const abstract = new Set<string>();
  const matches = new Set<string>();
  for (const node of supergraph.definitions) {
    if (node.kind === Kind.SCHEMA_DEFINITION) {
      for (const { operation, type } of node.operationTypes) roots.set(operation, type.name.value);
    }
    if (node.kind === Kind.UNION_TYPE_DEFINITION) {
      abstract.add(node.name.value);
      for (const member of node.types ?? []) matches.add(`${member.name.value} ${node.name.value}`);
    }
    if (node.kind === Kind.INTERFACE_TYPE_DEFINITION) abstract.add(node.name.value);
    if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    fields.set(node.name.value, new Map((node.fields ?? []).map((field) => [field.name.value, field.type])));
    for (const parent of node.interfaces ?? []) matches.add(`${node.name.value} ${parent.name.value}`);
  }
  return {
    rootTypeOf: (operation) => roots.get(operation) ?? `${operation[0]?.toUpperCase()}${operation.slice(1)}`,
    fieldTypeOf: (type, field) => fields.get(type)?.get(field),
    isAbstract: (type) => abstract.has(type),
    objectFields: () =>
      [...fields].flatMap(([type, ofType]) =>
        abstract.has(type) ? [] : [...ofType.keys()].map((field) => `${type}.${field}`),
      ),
    isMatchedBy: (type, condition) => type === condition || matches.has(`${type} ${condition}`),
  };
}

/** The type's name, without lists and exclamation marks. */
export function namedTypeOf(type: TypeNode): string {
  let inner: TypeNode = type;
  while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
  return (inner satisfies NamedTypeNode).name.value;
}
