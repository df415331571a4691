import { Kind, parse, print, visit, type DocumentNode } from 'graphql';
import { readRequirements, type RequirementsOf } from './read-requirements.ts';
import { indexSchema, type SchemaIndex } from './schema-index.ts';
import { findSecurityLinks, type SecurityLink } from './security-links.ts';

/** A supergraph, taken apart. */
export interface SupergraphAccess {
  /** For `@apollo/gateway`: the supergraph without the rules, which it would refuse to load. */
  readonly supergraphSdl: string;
  readonly requirementsOf: RequirementsOf;
  readonly index: SchemaIndex;
}

/**
 * Reads `@authenticated` and `@requiresScopes` from a supergraph, under whatever names it links them.
 *
 * @param supergraphSdl as composition writes it
 * @throws Error when it uses `@policy`, or a version of the two that is not known
 */
export function readSupergraph(supergraphSdl: string): SupergraphAccess {
  const document = parse(supergraphSdl, { noLocation: true });
  const links = findSecurityLinks(document);
  return {
    supergraphSdl: links.length === 0 ? supergraphSdl : print(strip(document, links)),
    requirementsOf: readRequirements(document, links),
    index: indexSchema(document),
  };
}

function strip(document: DocumentNode, links: readonly SecurityLink[]): DocumentNode {
  const isOurs = (name: string) => links.some((link) => link.owns(name));
  return visit(document, {
    Directive: (node) => (isOurs(node.name.value) || links.some((link) => link.node === node) ? null : undefined),
    DirectiveDefinition: (node) => (isOurs(node.name.value) ? null : undefined),
    [Kind.SCALAR_TYPE_DEFINITION]: (node) => (isOurs(node.name.value) ? null : undefined),
  });
}
