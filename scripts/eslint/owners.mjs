import { readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';

/**
 * The entities that each subgraph shows but does not own. The subgraph that declares most fields of an entity owns it.
 * The others have its key and the fields that they add.
 *
 * @param files schemas by the subgraph's name
 */
export function foreignEntities(files) {
  const declared = Object.entries(files).flatMap(([subgraph, file]) =>
    parse(readFileSync(file, 'utf8'))
      .definitions.filter(
        ({ kind, directives }) =>
          kind === Kind.OBJECT_TYPE_DEFINITION && directives?.some(({ name }) => name.value === 'key'),
      )
      .map(({ name, fields = [] }) => ({ subgraph, entity: name.value, size: fields.length })),
  );
  const sizeOf = (entity) => Math.max(...declared.filter((other) => other.entity === entity).map(({ size }) => size));
  return Object.fromEntries(
    Object.keys(files).map((subgraph) => [
      subgraph,
      declared.filter((one) => one.subgraph === subgraph && one.size < sizeOf(one.entity)).map(({ entity }) => entity),
    ]),
  );
}
