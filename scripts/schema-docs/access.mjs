import { Kind, parse } from 'graphql';

/** Who may ask for a type or a field, in words, by its coordinate: `Query.orders` is `scope order:read`. */
export function readAccess(supergraphSdl) {
  const access = new Map();
  for (const { kind, name, directives, fields = [] } of parse(supergraphSdl).definitions) {
    if (
      kind !== Kind.OBJECT_TYPE_DEFINITION &&
      kind !== Kind.INTERFACE_TYPE_DEFINITION &&
      kind !== Kind.ENUM_TYPE_DEFINITION &&
      kind !== Kind.SCALAR_TYPE_DEFINITION
    )
      continue;
    note(name.value, directives);
    for (const field of fields) note(`${name.value}.${field.name.value}`, field.directives);
  }
  return access;

  function note(coordinate, directives = []) {
    const words = directives.map(wordsOf).filter(Boolean);
    if (words.length > 0) access.set(coordinate, words.join(', and '));
  }
}

function wordsOf({ name, arguments: args }) {
  if (name.value === 'authenticated') return 'signed in';
  if (name.value !== 'requiresScopes') return undefined;
  const anyOf = args.find((argument) => argument.name.value === 'scopes').value.values;
  return anyOf.map(({ values }) => `scope ${values.map(({ value }) => `\`${value}\``).join(' and ')}`).join(', or ');
}
