import {
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type TypeNode,
} from 'graphql';

/** Tells whether a type cannot be null. */
export const isNonNull = (type: TypeNode): boolean => type.kind === Kind.NON_NULL_TYPE;

/** The name of a type without its lists and exclamation marks. */
export const readTypeName = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : readTypeName(type.type);

/** Tells whether a node has a directive. */
export const hasDirective = (node: { readonly directives?: readonly DirectiveNode[] }, name: string): boolean =>
  node.directives?.some((directive) => directive.name.value === name) === true;

/** Object types and extensions of them. */
export const listObjects = (document: DocumentNode): (ObjectTypeDefinitionNode | ObjectTypeExtensionNode)[] =>
  document.definitions.filter(
    (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION,
  );
