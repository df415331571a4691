import { Kind, valueFromASTUntyped, type ConstDirectiveNode, type DocumentNode } from 'graphql';

/** A `@link` of a schema: which specification it uses, and under which names. */
export interface Link {
  readonly node: ConstDirectiveNode;
  readonly url: string;
  /** `cost` of `https://specs.apollo.dev/cost/v0.1`; empty for a specification of another publisher. */
  readonly specification: string;
  /** `v0.1`; empty when the URL has none. */
  readonly version: string;
  /** The imported names; directives with their `@`. */
  readonly imports: ReadonlyMap<string, string>;
  /** The name of a directive of the specification in this schema, both without `@`. */
  getDirectiveName(name: string): string;
  /** True when a directive or type of this name belongs to the specification. */
  owns(name: string): boolean;
}

interface LinkArguments {
  readonly url?: string;
  readonly as?: string;
  readonly import?: readonly (string | { readonly name: string; readonly as?: string })[];
}

/** Reads the `@link`s of a subgraph's schema or of a supergraph. */
export function readLinks(schema: DocumentNode): readonly Link[] {
  return schema.definitions
    .filter((node) => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION)
    .flatMap((node) => node.directives ?? [])
    .filter((node) => node.name.value === 'link')
    .map(readLink);
}

function readLink(node: ConstDirectiveNode): Link {
  const args: LinkArguments = readArguments(node);
  const [, specification = '', version = ''] =
    /^https:\/\/specs\.apollo\.dev\/([^/?#]+)(?:\/([^/?#]+))?/.exec(args.url ?? '') ?? [];
  const imports = new Map(
    (args.import ?? []).map((element) =>
      typeof element === 'string' ? [element, element] : [element.name, element.as ?? element.name],
    ),
  );
  const prefix = args.as ?? specification;
  // A directive with the same name as its specification needs no prefix.
  const getDirectiveName = (name: string): string =>
    imports.get(`@${name}`)?.slice(1) ?? (name === specification ? prefix : `${prefix}__${name}`);
  const names = new Set([
    getDirectiveName(specification),
    ...[...imports.values()].map((name) => name.replace(/^@/, '')),
  ]);
  return {
    node,
    url: args.url ?? '',
    specification,
    version,
    imports,
    getDirectiveName,
    owns: (name) => names.has(name) || name.startsWith(`${prefix}__`),
  };
}

/** The arguments of a directive as they are written, without defaults. */
export function readArguments<Arguments extends object>(node: ConstDirectiveNode): Partial<Arguments> {
  return Object.fromEntries(
    (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  ) as Partial<Arguments>;
}
