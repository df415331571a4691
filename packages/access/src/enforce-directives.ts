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
import { createAccessError } from './access-error.ts';
import { readDirectiveNames } from './directive-names.ts';
import { toCredentials } from './require.ts';
import { isMet, readScopesRequirement, type Requirement } from './requirement.ts';

type ResolveReference = (reference: unknown, context: object, info: unknown) => unknown;

/**
 * Makes a subgraph's schema enforce its own `@authenticated` and `@requiresScopes`, also for a caller who bypasses the
 * gateway. A field is resolved only for a viewer who meets the rules on the field, on its type, and on the type that it
 * returns. An entity reference is resolved only for a viewer who meets the rules on the entity. Changes the schema in
 * place.
 *
 * @param getViewer reads the viewer of a request from its context value
 */
export function enforceDirectives(
  schema: GraphQLSchema,
  typeDefs: DocumentNode,
  getViewer: (context: object) => Viewer,
): void {
  const read = createReader(typeDefs);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const typeRequirements = read(type);
    if (typeRequirements.length > 0) guardReferences(type, typeRequirements, getViewer);
    for (const field of Object.values(type.getFields())) {
      const requirements = [...typeRequirements, ...read(field), ...read(getNamedType(field.type))];
      if (requirements.length > 0) guardField(field, requirements, getViewer);
    }
  }
}

function requireAll(requirements: readonly Requirement[], viewer: Viewer): void {
  const credentials = toCredentials(viewer);
  const unmet = requirements.find((requirement) => !isMet(requirement, credentials));
  if (unmet !== undefined) throw createAccessError(unmet, credentials);
}

function createReader(typeDefs: DocumentNode) {
  const names = readDirectiveNames(typeDefs);
  return (element: GraphQLNamedType | GraphQLField<unknown, object>): readonly Requirement[] => {
    const nodes = [element.astNode, ...('extensionASTNodes' in element ? element.extensionASTNodes : [])];
    return nodes.flatMap((node) =>
      (node?.directives ?? []).flatMap((directive) => {
        if (directive.name.value === names.authenticated) return [{ kind: 'authenticated' as const }];
        return directive.name.value === names.requiresScopes ? [readScopesRequirement(directive)] : [];
      }),
    );
  };
}

function guardField(
  field: GraphQLField<unknown, object>,
  requirements: readonly Requirement[],
  getViewer: (context: object) => Viewer,
): void {
  const { resolve = defaultFieldResolver, subscribe } = field;
  field.resolve = (parent, args, context, info) => {
    requireAll(requirements, getViewer(context));
    return resolve(parent, args, context, info) as unknown;
  };
  if (subscribe === undefined) return;
  field.subscribe = (parent, args, context, info) => {
    requireAll(requirements, getViewer(context));
    return subscribe(parent, args, context, info) as unknown;
  };
}

/** The key under which `@apollo/subgraph` keeps `__resolveReference`. */
interface SubgraphExtensions {
  readonly apollo?: { readonly subgraph?: { readonly resolveReference?: ResolveReference } };
}

function guardReferences(
  type: GraphQLObjectType,
  requirements: readonly Requirement[],
  getViewer: (context: object) => Viewer,
): void {
  const extensions = type.extensions as SubgraphExtensions;
  const resolve = extensions.apollo?.subgraph?.resolveReference ?? ((reference: unknown) => reference);
  // A rejection refuses one reference. An error thrown here would fail the whole list.
  const resolveReference: ResolveReference = async (reference, context, info) => {
    requireAll(requirements, getViewer(context));
    return resolve(reference, context, info);
  };
  type.extensions = {
    ...type.extensions,
    apollo: { ...extensions.apollo, subgraph: { ...extensions.apollo?.subgraph, resolveReference } },
  };
}
