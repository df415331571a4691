import { createHash } from 'node:crypto';
import { Kind, print, stripIgnoredCharacters, visit } from 'graphql';

/**
 * Each operation with the text that a client sends: the operation, then the fragments that it needs, each once. The text's
 * hash is the operation's id, so both must be made here only.
 *
 * @returns `{ file, name, type, id, body, node }` for each operation
 */
export function documentsOf(sources) {
  const definitions = sources.flatMap(({ document }) => document.definitions);
  const fragments = new Map(
    definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node]),
  );
  return sources.flatMap(({ file, document }) =>
    document.definitions
      .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
      .map((node) => {
        const body = stripIgnoredCharacters([node, ...neededBy(node, fragments)].map(print).join('\n'));
        return {
          file,
          name: node.name.value,
          type: node.operation,
          id: createHash('sha256').update(body).digest('hex'),
          body,
          node,
        };
      }),
  );
}

function neededBy(node, fragments, seen = new Set()) {
  visit(node, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (seen.has(fragment)) return;
      seen.add(fragment);
      neededBy(fragment, fragments, seen);
    },
  });
  return seen;
}
