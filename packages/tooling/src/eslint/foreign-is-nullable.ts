import { type DocumentNode, type FieldDefinitionNode, Kind } from 'graphql';
import type { Complaint, RuleOptions } from './complaint.ts';
import { hasDirective, isNonNull, listObjects, readTypeName } from './types.ts';

/**
 * Requires that what another subgraph provides is nullable, so that its failure removes only that part of a response. It concerns a field
 * whose type is an entity of another subgraph, and a field that is added to such an entity.
 */
export function* foreignIsNullable(document: DocumentNode, { foreign = [] }: RuleOptions): Generator<Complaint> {
  for (const type of listObjects(document)) {
    for (const field of type.fields ?? []) {
      if (!isNonNull(field.type)) continue;
      const name = `${type.name.value}.${field.name.value}`;
      if (foreign.includes(readTypeName(field.type))) {
        yield {
          node: field,
          message: `${name} is an entity of another subgraph. Make it nullable, so that a failure there removes only this field.`,
        };
      } else if (foreign.includes(type.name.value) && !isKey(type, field) && !hasDirective(field, 'external')) {
        yield {
          node: field,
          message: `${name} is added to an entity of another subgraph. Make it nullable, so that a failure here leaves the rest.`,
        };
      }
    }
  }
}

function isKey(type: ReturnType<typeof listObjects>[number], field: FieldDefinitionNode): boolean {
  return (type.directives ?? [])
    .filter(({ name }) => name.value === 'key')
    .flatMap(({ arguments: args = [] }) => args)
    .some(({ value }) => value.kind === Kind.STRING && value.value.split(/[\s{}]+/).includes(field.name.value));
}
