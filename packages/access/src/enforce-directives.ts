import {
  defaultFieldResolver,
  getNamedType,
  isObjectType,
  type DocumentNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { Viewer } from '@shop/process';
import { directiveNames } from './directive-names.ts';
import { requireAll, scopesRequirement, type Requirement } from './requirement.ts';

type ResolveReference = (reference: unknown, context: object, info: unknown) => unknown;

/**
 * Makes a subgraph's schema enforce its own `@authenticated` and `@requiresScopes`, also for whoever gets past the gateway:
 * a field is resolved only for a viewer who meets what stands on it, on its type, and on the type that it returns; an
 * entity reference, for one who meets what stands on the entity. Changes the schema in place, before it serves anything.
 *
 * @param viewerOf the viewer of a request, by its context value
 */
export function enforceDirectives(
  schema: GraphQLSchema,
  typeDefs: DocumentNode,
  viewerOf: (context: object) => Viewer,
): void {
  const read = createReader(typeDefs);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const ofType = read(type);
    if (ofType.length > 0) guardReferences(type, ofType, viewerOf);
    for (const field of Object.values(type.getFields())) {
      const requirements = [...ofType, ...read(field), ...read(getNamedType(field.type))];
      if (requirements.length > 0) guardField(field, requirements, viewerOf);
    }
  }
}

function createReader(typeDefs: DocumentNode) {
  const names = directiveNames(typeDefs);
  return (element: GraphQLNamedType | GraphQLField<unknown, object>): readonly Requirement[] => {
    const nodes = [element.astNode, ...('extensionASTNodes' in element ? element.extensionASTNodes : [])];
    return nodes.flatMap((node) =>
      (node?.directives ?? []).flatMap((directive) => {
        if (directive.name.value === names.authenticated) return [{ anyOf: undefined }];
        return directive.name.value === names.requiresScopes ? [scopesRequirement(directive)] : [];
      }),
    );
  };
}

function guardField(
  field: GraphQLField<unknown, object>,
  requirements: readonly Requirement[],
  viewerOf: (context: object) => Viewer,
): void {
  const { resolve = defaultFieldResolver, subscribe } = field;
  field.resolve = (parent, args, context, info) => {
    requireAll(requirements, viewerOf(context));
    return resolve(parent, args, context, info) as unknown;
  };
  if (subscribe === undefined) return;
  field.subscribe = (parent, args, context, info) => {
    requireAll(requirements, viewerOf(context));
    return subscribe(parent, args, context, info) as unknown;
  };
}

/** Where `@apollo/subgraph` keeps `__resolveReference`. */
interface SubgraphExtensions {
  readonly apollo?: { readonly subgraph?: { readonly resolveReference?: ResolveReference } };
}

function guardReferences(
  type: GraphQLObjectType,
  requirements: readonly Requirement[],
  viewerOf: (context: object) => Viewer,
): void {
  const extensions = type.extensions as SubgraphExtensions;
  const resolve = extensions.apollo?.subgraph?.resolveReference ?? ((reference: unknown) => reference);
  // A rejection refuses one reference; an error thrown here would fail all of the list.
  const resolveReference: ResolveReference = async (reference, context, info) => {
    requireAll(requirements, viewerOf(context));
    return resolve(reference, context, info);
  };
  type.extensions = {
    ...type.extensions,
    apollo: { ...extensions.apollo, subgraph: { ...extensions.apollo?.subgraph, resolveReference } },
  };
}
