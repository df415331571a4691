import { visitNodes } from '@shop/engine';
import { Kind, parse, print, type DocumentNode, type FieldNode, type SelectionSetNode } from 'graphql';
import { indexFragments, type Supergraph } from '../supergraph/index.ts';
import { typename } from './keep-objects.ts';

/** The text for Hive's planner, or the reason why another planner must have the operation. */
export type HiveOperation = { readonly text: string } | { readonly refusal: string };

/**
 * Prepares operations for Hive's planner, whose plans would be wrong otherwise:
 *
 * - It plans what lies below the fields of a mutation behind the last one. So a mutation with several fields is refused.
 * - Where a subgraph has an interface as `@interfaceObject`, it merges calls for objects of several types and then asks for one of them
 *   only, and forgets fragments. So an operation with a fragment on such an interface, or with a field that only an `@interfaceObject`
 *   adds to an object type, is refused.
 * - It takes an alias of `__typename`, or one with a condition, for the name of the type. So `__typename` is added.
 */
export function createHivePreparation(
  supergraph: Pick<Supergraph, 'types' | 'getField' | 'getRootType'>,
): (text: string) => HiveOperation {
  const interfaces = new Set(
    [...supergraph.types.values()]
      .filter(({ joins }) => joins.some(({ isInterfaceObject }) => isInterfaceObject))
      .map(({ name }) => name),
  );

  /** Finds an interface or a field for which plans may be wrong. */
  function find({ selections }: SelectionSetNode, type: string): string | undefined {
    for (const node of selections) {
      let below = type;
      if (node.kind === Kind.FIELD) {
        const field = supergraph.getField(type, node.name.value);
        const isAdded = field?.joins.some(({ subgraph }) => subgraph === undefined) === true;
        if (isAdded && supergraph.types.get(type)?.kind === 'object') return `${type}.${node.name.value}`;
        below = field?.typeName ?? '';
      } else if (interfaces.has(type)) return type;
      else if (node.kind === Kind.INLINE_FRAGMENT) below = node.typeCondition?.name.value ?? type;
      const found =
        node.kind === Kind.FRAGMENT_SPREAD || node.selectionSet === undefined
          ? undefined
          : find(node.selectionSet, below);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  function findInterfaceObject({ definitions }: DocumentNode): string | undefined {
    for (const node of definitions) {
      if (node.kind !== Kind.OPERATION_DEFINITION && node.kind !== Kind.FRAGMENT_DEFINITION) continue;
      const isFragment = node.kind === Kind.FRAGMENT_DEFINITION;
      const type = isFragment ? node.typeCondition.name.value : supergraph.getRootType(node.operation);
      const found = find(node.selectionSet, type);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  return (text) => {
    const document = parse(text, { noLocation: true });
    if (hasSeveralMutations(document)) return { refusal: 'a mutation with several fields' };
    const found = interfaces.size === 0 ? undefined : findInterfaceObject(document);
    if (found !== undefined) return { refusal: `an @interfaceObject: ${found}` };
    return { text: nameTypes(document) ?? text };
  };
}

function hasSeveralMutations(document: DocumentNode): boolean {
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation?.operation !== 'mutation') return false;
  const fragments = indexFragments(document);
  // A field that is selected twice counts twice.
  const countFields = ({ selections }: SelectionSetNode): number =>
    selections.reduce((sum, node) => {
      if (node.kind === Kind.FIELD) return sum + 1;
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      return sum + (fragment === undefined ? 0 : countFields(fragment.selectionSet));
    }, 0);
  return countFields(operation.selectionSet) > 1;
}

/** Adds `__typename` beside its aliases, and where it has a condition. Returns undefined when there is no such place. */
function nameTypes(document: DocumentNode): string | undefined {
  let isChanged = false;
  const changed = visitNodes(document, {
    SelectionSet(set) {
      const names = set.selections.flatMap((node) =>
        node.kind === Kind.FIELD && node.name.value === '__typename' ? [node] : [],
      );
      const isPlain = ({ alias, directives = [] }: FieldNode) => alias === undefined && directives.length === 0;
      if (names.length === 0 || names.some(isPlain)) return undefined;
      isChanged = true;
      return { ...set, selections: [...set.selections, typename] };
    },
  });
  return isChanged ? print(changed) : undefined;
}
