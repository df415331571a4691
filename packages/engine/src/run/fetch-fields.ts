import { Kind, parse, type FieldNode, type SelectionSetNode } from 'graphql';
import { getResponseName, indexFragments } from '../documents.ts';
import type { FetchNode } from '../plan/plan.ts';
import { listRenames } from './rewrites.ts';

/** The response names of the fields that a call brings to each object, on any type and under any condition. */
export function listFetchFields({ operation, requires, outputRewrites }: FetchNode): ReadonlySet<string> {
  const document = parse(operation, { noLocation: true });
  const fragments = indexFragments(document);
  const renamed = listRenames(outputRewrites);

  function listFields({ selections }: SelectionSetNode): FieldNode[] {
    return selections.flatMap((node) => {
      if (node.kind === Kind.FIELD) return [node];
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      return fragment === undefined ? [] : listFields(fragment.selectionSet);
    });
  }

  const root = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  let fields = root === undefined ? [] : listFields(root.selectionSet);
  if (requires !== undefined)
    fields = fields.flatMap(({ selectionSet }) => (selectionSet ? listFields(selectionSet) : []));
  return new Set(
    fields.map((field) => {
      const name = getResponseName(field);
      return renamed.get(name) ?? name;
    }),
  );
}
