import { visitNodes } from '@shop/engine';
import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  TypeInfo,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { indexFragments, isIntrospection } from '../supergraph/index.ts';
import { isCondition, readConstant } from './conditions.ts';

/** A selection that keeps an object. */
export const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * Adds `__typename` to each object of which all selections have conditions. A planner moves the conditions to the call that brings the
 * object: when none holds, the object itself would be missing, although it was selected.
 *
 * @returns the same document when there is no such object
 */
export function keepConditionalObjects(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const fragments = indexFragments(document);
  const types = new TypeInfo(schema);

  const hasConstant = ({ selections }: SelectionSetNode, type: GraphQLNamedType): boolean =>
    selections.some((node) => isConstant(node, type));

  /** True for a selection that every object of the type has under all conditions. */
  function isConstant(node: SelectionNode, type: GraphQLNamedType): boolean {
    if (node.directives?.some(mayLeaveOut) === true) return false;
    if (node.kind === Kind.FIELD) return true;
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
    if (fragment === undefined) return false;
    return applies(fragment.typeCondition?.name.value, type) && hasConstant(fragment.selectionSet, type);
  }

  function applies(condition: string | undefined, type: GraphQLNamedType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const known = schema.getType(condition);
    return isAbstractType(known) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(known, type);
  }

  return visitNodes(
    document,
    {
      Field(field) {
        const { selectionSet } = field;
        const type = getNamedType(types.getType());
        if (selectionSet === undefined || type == null || isIntrospection(type.name)) return undefined;
        if (hasConstant(selectionSet, type)) return undefined;
        return { ...field, selectionSet: { ...selectionSet, selections: [...selectionSet.selections, typename] } };
      },
    },
    types,
  );
}

/** True for a directive that may leave out a selection. */
const mayLeaveOut = (directive: DirectiveNode): boolean => isCondition(directive) && readConstant(directive) !== true;
