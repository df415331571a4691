import {
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { measureStructure } from '../limits/index.ts';
import { isValid } from './is-valid.ts';

/** The limit of Apollo Server for the selections of an operation with its fragments expanded. */
const maxSelections = 10_000_000;

/**
 * Parses and validates documents as Apollo Server does with the same options, and returns undefined where it would answer with an error.
 *
 * @param options.maxTokens of a document
 * @param options.hasIntrospection whether documents may ask for the schema
 */
export function createReadDocument(options: {
  maxTokens: number;
  hasIntrospection: boolean;
}): (text: string, schema: GraphQLSchema) => DocumentNode | undefined {
  const { maxTokens, hasIntrospection } = options;
  const rules = listRules({ hasIntrospection });

  return (text, schema) => {
    try {
      const document = parse(text, { maxTokens });
      return isValid(schema, document, rules) && hasFewSelections(document) ? document : undefined;
    } catch {
      return undefined;
    }
  };
}

/** @param options.hasIntrospection whether documents may ask for the schema */
export const listRules = ({ hasIntrospection }: { hasIntrospection: boolean }): readonly ValidationRule[] =>
  hasIntrospection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];

/** Without fragments, a document has fewer selections than tokens. */
function hasFewSelections(document: DocumentNode): boolean {
  const hasFragments = document.definitions.some(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return !hasFragments || measureStructure(document).selections <= maxSelections;
}
