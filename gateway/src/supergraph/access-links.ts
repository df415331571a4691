import type { Link } from '@shop/access';
import { Kind, visit, type DocumentNode } from 'graphql';

/** The specifications whose rules are enforced, with the version that is understood. */
const enforced = { authenticated: 'v0.1', requiresScopes: 'v0.1' } as const;

/** A link to a specification whose rules are enforced. */
export interface AccessLink extends Link {
  readonly specification: keyof typeof enforced;
}

/**
 * Finds the links to enforced specifications. `@apollo/gateway` itself refuses any other link `for: SECURITY`.
 *
 * @throws Error for `@policy` and for an unknown version, since a rule that is left out would leave fields unprotected
 */
export function findAccessLinks(links: readonly Link[]): readonly AccessLink[] {
  if (links.some(({ specification }) => specification === 'policy')) {
    throw new Error('The supergraph uses @policy, which this gateway does not enforce. Use @requiresScopes instead.');
  }
  const found = links.filter((link): link is AccessLink => Object.hasOwn(enforced, link.specification));
  for (const { specification, version } of found) {
    if (version === enforced[specification]) continue;
    throw new Error(
      `The supergraph uses ${specification} ${version || 'without a version'}; this gateway enforces ${enforced[specification]}.`,
    );
  }
  return found;
}

/** Removes links, definitions and uses of the access directives. Without links, the document stays the same. */
export function removeAccessRules(document: DocumentNode, links: readonly AccessLink[]): DocumentNode {
  if (links.length === 0) return document;
  const isRule = (name: string) => links.some((link) => link.owns(name));
  return visit(document, {
    Directive: (node) => (isRule(node.name.value) || links.some((link) => link.node === node) ? null : undefined),
    DirectiveDefinition: (node) => (isRule(node.name.value) ? null : undefined),
    [Kind.SCALAR_TYPE_DEFINITION]: (node) => (isRule(node.name.value) ? null : undefined),
  });
}
