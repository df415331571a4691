import { hasDirective, isNonNull, namedTypeOf, objectsOf } from './types.mjs';

/**
 * A field from another subgraph is nullable, so that a failure of that subgraph costs no other field. This applies to a
 * field whose type is an entity of another subgraph, and to a field that is added to such an entity.
 *
 * @param options.foreign names of entities that other subgraphs own
 */
export function* foreignIsNullable(document, { foreign = [] }) {
  for (const type of objectsOf(document)) {
    for (const field of type.fields ?? []) {
      if (!isNonNull(field.type)) continue;
      const name = `${type.name.value}.${field.name.value}`;
      if (foreign.includes(namedTypeOf(field.type))) {
        yield {
          node: field,
          message: `${name} is of another subgraph's entity: make it nullable, so that its failure costs no more than itself.`,
        };
      } else if (foreign.includes(type.name.value) && !isKey(type, field) && !hasDirective(field, 'external')) {
        yield {
          node: field,
          message: `${name} is added to another subgraph's entity: make it nullable, so that a failure here leaves the rest of it.`,
        };
      }
    }
  }
}

function isKey(type, field) {
  const keys = type.directives
    .filter(({ name }) => name.value === 'key')
    .flatMap(({ arguments: args }) => args.map(({ value }) => value.value ?? ''));
  return keys.some((fields) => typeof fields === 'string' && fields.split(/[\s{}]+/).includes(field.name.value));
}
