import { Kind } from 'graphql';

export const isNonNull = (type) => type.kind === Kind.NON_NULL_TYPE;

/** The name of a type without its lists and exclamation marks. */
export const namedTypeOf = (type) => (type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type));

export const hasDirective = (node, name) =>
  node.directives?.some((directive) => directive.name.value === name) === true;

/** Object types and their extensions. */
export const objectsOf = (document) =>
  document.definitions.filter(
    ({ kind }) => kind === Kind.OBJECT_TYPE_DEFINITION || kind === Kind.OBJECT_TYPE_EXTENSION,
  );
