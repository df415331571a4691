import { readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';

/**
 * Finds the entities that each subgraph shows but does not own. The owner of an entity is the subgraph that declares most of its fields:
 * the others hold its key, and what they add.
 *
 * @param files schema files by the name of the subgraph
 */
export function findForeignEntities(files: Readonly<Record<string, string>>): Record<string, string[]> {
  const declared = Object.entries(files).flatMap(([subgraph, file]) =>
    parse(readFileSync(file, 'utf8')).definitions.flatMap((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION && node.directives?.some(({ name }) => name.value === 'key') === true
        ? [{ subgraph, entity: node.name.value, size: node.fields?.length ?? 0 }]
        : [],
    ),
  );
  const findLargest = (entity: string) =>
    Math.max(...declared.filter((other) => other.entity === entity).map(({ size }) => size));
  return Object.fromEntries(
    Object.keys(files).map((subgraph) => [
      subgraph,
      declared
        .filter((one) => one.subgraph === subgraph && one.size < findLargest(one.entity))
        .map(({ entity }) => entity),
    ]),
  );
}
