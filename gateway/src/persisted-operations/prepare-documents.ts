import type { Logger } from '@shop/process';
import { parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { listRules } from '../validation/read-document.ts';
import type { Manifest } from './read-manifests.ts';

/**
 * Parses and validates each operation once for a schema. An invalid operation is left out with a warning. A client that requests
 * it gets the validation errors, as for any other text.
 *
 * @param options.maxTokens of a document
 */
export function prepareDocuments(
  manifest: Manifest,
  options: { schema: GraphQLSchema; introspection: boolean; maxTokens: number; logger: Logger },
): ReadonlyMap<string, DocumentNode> {
  const { schema, introspection, maxTokens, logger } = options;
  const rules = listRules({ hasIntrospection: introspection });
  const documents = new Map<string, DocumentNode>();
  for (const [id, { name, body }] of manifest) {
    try {
      const document = parse(body, { maxTokens });
      const [error] = validate(schema, document, rules);
      if (error !== undefined) throw error;
      documents.set(id, document);
    } catch (error) {
      logger.warn(
        { operation: name, id, reason: (error as Error).message },
        'a persisted operation is not valid for the schema',
      );
    }
  }
  return documents;
}
