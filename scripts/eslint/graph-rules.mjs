import { described } from './described.mjs';
import { foreignIsNullable } from './foreign-is-nullable.mjs';
import { mutationPattern } from './mutation-pattern.mjs';
import { requiresWithoutArguments } from './requires-without-arguments.mjs';

/** Rules of our own for the subgraphs' schemas. */
export const graphRules = {
  rules: {
    described: rule(described),
    'foreign-is-nullable': rule(foreignIsNullable),
    'mutation-pattern': rule(mutationPattern),
    'requires-without-arguments': rule(requiresWithoutArguments),
  },
};

/**
 * Creates an ESLint rule from a function over graphql-js' document.
 *
 * @param check yields `{ node, message }` for each mistake
 */
function rule(check) {
  return {
    meta: { type: 'problem', schema: [{ type: 'object' }] },
    create: (context) => ({
      Document(root) {
        for (const { node, message } of check(root.rawNode(), context.options[0] ?? {})) {
          const { line, column } = node.loc.startToken;
          context.report({ loc: { line, column: column - 1 }, message });
        }
      },
    }),
  };
}
