import type { Link } from '@shop/access';

/** The specification of the directives that are this project's own. Subgraphs link it, and compose them with `@composeDirective`. */
const shopDirectives = 'https://specs.shop.example/shop/';

/** The name of one of our directives in the supergraph; undefined when no subgraph uses it. */
export function findShopDirective(
  links: readonly Link[],
  name: 'nullForAnonymous' | 'assumedLength' | 'cached' | 'live',
): string | undefined {
  return links
    .find(({ url, imports }) => url.startsWith(shopDirectives) && imports.has(`@${name}`))
    ?.getDirectiveName(name);
}
