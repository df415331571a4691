import { type ConstDirectiveNode, type ConstValueNode, Kind, parse } from 'graphql';

/** Reads the access rule of a type or a field, in words, by its coordinate: `Query.orders` is `scope order:read`. */
export function readAccess(supergraphSdl: string): ReadonlyMap<string, string> {
  const access = new Map<string, string>();
  const note = (coordinate: string, directives: readonly ConstDirectiveNode[] = []): void => {
    const words = directives.map(describeRequirement).filter((word) => word !== undefined);
    if (words.length > 0) access.set(coordinate, words.join(', and '));
  };
  for (const definition of parse(supergraphSdl).definitions) {
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        for (const { name, directives } of definition.fields ?? [])
          note(`${definition.name.value}.${name.value}`, directives);
        note(definition.name.value, definition.directives);
        break;
      case Kind.ENUM_TYPE_DEFINITION:
      case Kind.SCALAR_TYPE_DEFINITION:
        note(definition.name.value, definition.directives);
        break;
      default:
    }
  }
  return access;
}

function describeRequirement({ name, arguments: args = [] }: ConstDirectiveNode): string | undefined {
  if (name.value === 'authenticated') return 'signed in';
  if (name.value !== 'requiresScopes') return undefined;
  const alternatives = readList(args.find((argument) => argument.name.value === 'scopes')?.value);
  return alternatives.map((scopes) => `scope ${readList(scopes).map(formatScope).join(' and ')}`).join(', or ');
}

const readList = (node: ConstValueNode | undefined) => (node?.kind === Kind.LIST ? node.values : []);
const formatScope = (node: ConstValueNode) => (node.kind === Kind.STRING ? `\`${node.value}\`` : '');
