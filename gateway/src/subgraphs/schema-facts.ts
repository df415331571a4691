import { Kind, parse, type TypeNode } from 'graphql';

/** What has to be known of the supergraph to say which fields a failed call leaves empty. */
export interface SchemaFacts {
  /** Whether the field can never be null, so that its absence makes its parent null. */
  isNonNull(type: string, field: string): boolean;
  /** Whether an object of `type` is matched by a fragment on `condition`. */
  isMatchedBy(type: string, condition: string): boolean;
}

/** @param supergraphSdl as composition writes it */
export function readSchemaFacts(supergraphSdl: string): SchemaFacts {
  const nonNull = new Set<string>();
  const matches = new Set<string>();
  const isNonNullType = (type: TypeNode) => type.kind === Kind.NON_NULL_TYPE;
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (definition.kind === Kind.UNION_TYPE_DEFINITION) {
      for (const member of definition.types ?? []) matches.add(`${member.name.value} ${definition.name.value}`);
    }
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const type = definition.name.value;
    for (const parent of definition.interfaces ?? []) matches.add(`${type} ${parent.name.value}`);
    for (const field of definition.fields ?? []) {
      if (isNonNullType(field.type)) nonNull.add(`${type}.${field.name.value}`);
    }
  }
  return {
    isNonNull: (type, field) => nonNull.has(`${type}.${field}`),
    isMatchedBy: (type, condition) => type === condition || matches.has(`${type} ${condition}`),
  };
}
