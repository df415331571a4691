import {
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Supergraph } from '../model.ts';
import { indexFragments, type Fragments } from './fragments.ts';
import type { Variables } from './variables.ts';

/** The name of a field in the response. */
export function getResponseName({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

/** True when a field is `__schema`, `__type`, `__typename` or a field of an introspection type. */
export function isIntrospection(name: string): boolean {
  return name.startsWith('__');
}

export interface IncludedFieldsOptions {
  readonly fragments: Fragments;
  /** With defaults, see `addDefaults`. */
  readonly variables: Variables;
  readonly supergraph: Pick<Supergraph, 'isMatchedBy'>;
}

/**
 * Visits the fields of a selection set that apply to an object of `type`, in the order in which the GraphQL specification
 * collects them: fragments are opened, `@skip` and `@include` are evaluated.
 *
 * @param type undefined applies all fragments
 */
export function forEachIncludedField(
  selectionSet: SelectionSetNode,
  type: string | undefined,
  options: IncludedFieldsOptions,
  visit: (field: FieldNode) => void,
): void {
  const { fragments, variables, supergraph } = options;

  function walk({ selections }: SelectionSetNode): void {
    for (const node of selections) {
      if (!isIncluded(node.directives, variables)) continue;
      if (node.kind === Kind.FIELD) {
        visit(node);
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (fragment === undefined) continue;
      const condition = fragment.typeCondition?.name.value;
      if (type === undefined || condition === undefined || supergraph.isMatchedBy(type, condition))
        walk(fragment.selectionSet);
    }
  }

  walk(selectionSet);
}

/** Evaluates `@skip` and `@include`. */
export function isIncluded(directives: readonly DirectiveNode[] = [], variables: Variables): boolean {
  return directives.every(({ name, arguments: args }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    const value = args?.find((argument) => argument.name.value === 'if')?.value;
    const isTrue =
      value?.kind === Kind.VARIABLE
        ? variables[value.name.value] === true
        : value?.kind === Kind.BOOLEAN && value.value;
    return isTrue === (name.value === 'include');
  });
}

/**
 * Visits every field of an operation with the type that it is selected on. Conditions and variables are ignored. A
 * fragment is visited once, even if it is spread several times.
 */
export function forEachField(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  supergraph: Pick<Supergraph, 'getField' | 'getRootType'>,
  visit: (field: FieldNode, type: string) => void,
): void {
  const fragments = indexFragments(document);
  const seen = new Set<string>();

  function walk({ selections }: SelectionSetNode, type: string): void {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        visit(node, type);
        const returned = supergraph.getField(type, node.name.value);
        if (node.selectionSet !== undefined && returned !== undefined) walk(node.selectionSet, returned.typeName);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        walk(node.selectionSet, node.typeCondition?.name.value ?? type);
      } else if (!seen.has(node.name.value)) {
        seen.add(node.name.value);
        const fragment = fragments.get(node.name.value);
        if (fragment !== undefined) walk(fragment.selectionSet, fragment.typeCondition.name.value);
      }
    }
  }

  walk(operation.selectionSet, supergraph.getRootType(operation.operation));
}
