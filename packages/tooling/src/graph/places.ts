import { ExpectedError } from '@shop/process';
import { type ASTNode, type DocumentNode, GraphQLError, parse, Source } from 'graphql';

/** Formats a node's place as `subgraphs/user/schema.graphql:12:3`. */
export function formatPlace(node: ASTNode): string | undefined {
  const { loc } = node;
  return loc && `${loc.source.name}:${loc.startToken.line}:${loc.startToken.column}`;
}

/**
 * Parses a file of GraphQL.
 *
 * @throws ExpectedError with the place of a syntax error
 */
export function parseFile(file: string, text: string): DocumentNode {
  try {
    return parse(new Source(text, file));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const at = error.locations?.[0];
    throw new ExpectedError(`${file}:${at?.line ?? 1}:${at?.column ?? 1} ${error.message}`);
  }
}
