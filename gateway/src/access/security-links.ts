import { Kind, valueFromASTUntyped, type ConstDirectiveNode, type DocumentNode } from 'graphql';

/** The specifications whose rules are enforced here, with the version that is understood. */
const enforced: Readonly<Record<string, string>> = { authenticated: 'v0.1', requiresScopes: 'v0.1' };

/** How a supergraph names the elements of one specification that it links. */
export interface SecurityLink {
  readonly specification: 'authenticated' | 'requiresScopes';
  readonly node: ConstDirectiveNode;
  /** Without the `@`. */
  readonly directive: string;
  /** Whether the name belongs to the specification: its directives and its types. */
  owns(name: string): boolean;
}

interface LinkArguments {
  readonly url?: string;
  readonly as?: string;
  readonly import?: readonly (string | { readonly name: string; readonly as?: string })[];
}

/**
 * The links to what is enforced. Others are none of our business: `@apollo/gateway` refuses those `for: SECURITY` itself.
 *
 * @throws Error for `@policy`, and for a version that is not known, since leaving a rule out would leave a door open
 */
export function findSecurityLinks(supergraph: DocumentNode): SecurityLink[] {
  return supergraph.definitions
    .filter((node) => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION)
    .flatMap((node) => node.directives ?? [])
    .filter((node) => node.name.value === 'link')
    .flatMap((node) => readLink(node) ?? []);
}

function readLink(node: ConstDirectiveNode): SecurityLink | undefined {
  const args = Object.fromEntries(
    (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  ) as LinkArguments;
  const [, specification = '', version = ''] =
    /^https:\/\/specs\.apollo\.dev\/([^/?#]+)(?:\/([^/?#]+))?/.exec(args.url ?? '') ?? [];
  if (specification === 'policy') {
    throw new Error(
      'The supergraph uses @policy, which this gateway does not enforce. Use @requiresScopes, or take it out.',
    );
  }
  if (!isEnforced(specification)) return undefined;
  if (version !== enforced[specification]) {
    throw new Error(
      `The supergraph uses ${specification} ${version || 'without a version'}; this gateway enforces ${enforced[specification]}.`,
    );
  }
  const imports = new Map(
    (args.import ?? []).map((element) =>
      typeof element === 'string' ? [element, element] : [element.name, element.as ?? element.name],
    ),
  );
  const prefix = args.as ?? specification;
  const directive = imports.get(`@${specification}`)?.slice(1) ?? prefix;
  const names = new Set([directive, ...[...imports.values()].map((name) => name.replace(/^@/, ''))]);
  return { specification, node, directive, owns: (name) => names.has(name) || name.startsWith(`${prefix}__`) };
}

const isEnforced = (specification: string): specification is SecurityLink['specification'] =>
  Object.hasOwn(enforced, specification);
