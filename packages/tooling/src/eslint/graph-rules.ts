import type { ESLint, Rule } from 'eslint';
import type { DocumentNode } from 'graphql';
import type { Complaint, RuleOptions } from './complaint.ts';
import { described } from './described.ts';
import { foreignIsNullable } from './foreign-is-nullable.ts';
import { mutationPattern } from './mutation-pattern.ts';
import { requiresWithoutArguments } from './requires-without-arguments.ts';

type Check = (document: DocumentNode, options: RuleOptions) => Iterable<Complaint>;

/** Our own rules for the schemas of subgraphs. */
export const graphRules: ESLint.Plugin = {
  rules: {
    described: createRule(described),
    'foreign-is-nullable': createRule(foreignIsNullable),
    'mutation-pattern': createRule(mutationPattern),
    'requires-without-arguments': createRule(requiresWithoutArguments),
  },
};

/** Makes an ESLint rule from a check of a document. */
function createRule(check: Check): Rule.RuleModule {
  return {
    meta: { type: 'problem', schema: [{ type: 'object' }] },
    create: (context) => ({
      Document(node: unknown) {
        // ESLint's types know only nodes of JavaScript. A node of @graphql-eslint has this method, which returns graphql-js' own node.
        const document = (node as { rawNode(): DocumentNode }).rawNode();
        for (const complaint of check(document, (context.options[0] ?? {}) as RuleOptions)) {
          const { line = 1, column = 1 } = complaint.node.loc?.startToken ?? {};
          context.report({ loc: { line, column: column - 1 }, message: complaint.message });
        }
      },
    }),
  };
}
