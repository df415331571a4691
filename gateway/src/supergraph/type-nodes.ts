import { Kind, type FieldDefinitionNode, type TypeDefinitionNode, type TypeNode } from 'graphql';

/** The name of a type, without lists and exclamation marks. */
export function readTypeName(type: TypeNode): string {
  let inner = type;
  while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
  return inner.name.value;
}

/** True when a type has a list at any depth. */
export function hasList(type: TypeNode): boolean {
  let inner = type;
  while (inner.kind === Kind.NON_NULL_TYPE) inner = inner.type;
  return inner.kind === Kind.LIST_TYPE;
}

/** The fields of an object or an interface. */
export function listFields(node: TypeDefinitionNode): readonly FieldDefinitionNode[] {
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [];
  return node.fields ?? [];
}
