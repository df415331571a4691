import {
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { getResponseName, indexFragments, type Supergraph } from '../supergraph/index.ts';
import type { Refusals } from './find-refusals.ts';

export interface FilteredOperation {
  /** The operation alone, with the fragments and variables that it still uses; undefined when no field is left. */
  readonly document: DocumentNode | undefined;
  /** The response name of the `__typename` that is added to abstract types. */
  readonly typenameKey: string;
}

/** Removes the refused fields from an operation. The rest is valid, and its answer can be completed. */
export function filterOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  refusals: Refusals,
  supergraph: Supergraph,
): FilteredOperation {
  const typenameKey = findUnusedResponseName(document);
  const typename: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: typenameKey },
    name: { kind: Kind.NAME, value: '__typename' },
  };
  const fragments = indexFragments(document);
  /** Null means that the fragment has no field left. */
  const filtered = new Map<string, FragmentDefinitionNode | null>();

  function filterFragment(name: string): FragmentDefinitionNode | null {
    const known = filtered.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    if (fragment === undefined) return null;
    const selectionSet = filter(fragment.selectionSet, fragment.typeCondition.name.value);
    const result = selectionSet === undefined ? null : { ...fragment, selectionSet };
    filtered.set(name, result);
    return result;
  }

  function filter(set: SelectionSetNode, type: string): SelectionSetNode | undefined {
    const selections = set.selections.flatMap((node) => filterSelection(node, type) ?? []);
    return selections.length === 0 ? undefined : { ...set, selections };
  }

  function filterSelection(node: SelectionNode, type: string): SelectionNode | undefined {
    if (node.kind === Kind.FRAGMENT_SPREAD) return filterFragment(node.name.value) === null ? undefined : node;
    if (node.kind === Kind.INLINE_FRAGMENT) {
      const selectionSet = filter(node.selectionSet, node.typeCondition?.name.value ?? type);
      return selectionSet && { ...node, selectionSet };
    }
    return refusals.has(node) ? undefined : filterField(node, type);
  }

  function filterField(node: FieldNode, type: string): FieldNode {
    const returned = supergraph.getField(type, node.name.value);
    if (node.selectionSet === undefined || returned === undefined) return node;
    const { typeName } = returned;
    const left = filter(node.selectionSet, typeName)?.selections ?? [];
    // An object with no field left is still fetched, because the answer must show if it is null.
    const selections = left.length === 0 || supergraph.isAbstract(typeName) ? [...left, typename] : left;
    return { ...node, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  }

  const selectionSet = filter(operation.selectionSet, supergraph.getRootType(operation.operation));
  if (selectionSet === undefined) return { document: undefined, typenameKey };
  return { document: createDocument({ ...operation, selectionSet }, (name) => filterFragment(name)), typenameKey };
}

/** Makes a valid document of an operation, with only those fragments and variables that it still uses. */
function createDocument(
  operation: OperationDefinitionNode,
  getFragment: (name: string) => FragmentDefinitionNode | null,
): DocumentNode {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const variables = new Set<string>();
  const collect = (node: OperationDefinitionNode | FragmentDefinitionNode): void =>
    void visit(node, {
      VariableDefinition: () => false,
      Variable: ({ name }) => void variables.add(name.value),
      FragmentSpread({ name }) {
        const fragment = fragments.has(name.value) ? null : getFragment(name.value);
        if (fragment === null) return;
        fragments.set(name.value, fragment);
        collect(fragment);
      },
    });
  collect(operation);
  const variableDefinitions = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    variables.has(variable.name.value),
  );
  return { kind: Kind.DOCUMENT, definitions: [{ ...operation, variableDefinitions }, ...fragments.values()] };
}

function findUnusedResponseName(document: DocumentNode): string {
  const used = new Set<string>();
  visit(document, { Field: (node) => void used.add(getResponseName(node)) });
  let name = 'access__typename';
  while (used.has(name)) name += '_';
  return name;
}
