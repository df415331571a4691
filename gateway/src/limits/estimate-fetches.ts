import { Kind, type DocumentNode, type FieldNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import {
  getResponseName,
  indexFragments,
  isIntrospection,
  type Supergraph,
  type SupergraphField,
} from '../supergraph/index.ts';

/** The subgraphs that can hold an object. Undefined for the root, which every subgraph holds. */
type Holders = readonly string[] | undefined;

/** The selections of one place of the answer, on one type. */
interface Place {
  readonly type: string;
  readonly sources: readonly SelectionSetNode[];
  readonly holders: Holders;
}

/**
 * Estimates how many calls to subgraphs the plan of an operation has. The planner's time grows with that number, and not with the
 * document's length: six aliases on three levels are 218 calls in 700 bytes. The estimate may be too high, but not too low, unless a
 * subgraph does not resolve the keys of another one directly.
 *
 * The operation must be within the limit of selections, because fragments are expanded.
 *
 * @param limit counting stops above it
 */
export function estimateFetches(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  supergraph: Supergraph,
  limit: number,
): number {
  const fragments = indexFragments(document);
  const isMutation = operation.operation === 'mutation';
  let count = 0;

  /** The fields of one place by type and response name: fields with the same name are one field of the answer. */
  function collect(place: Place): Map<string, { type: string; nodes: FieldNode[] }> {
    const found = new Map<string, { type: string; nodes: FieldNode[] }>();
    const walk = ({ selections }: SelectionSetNode, type: string): void => {
      for (const node of selections) {
        if (node.kind === Kind.FIELD) {
          if (isIntrospection(node.name.value)) continue;
          const key = `${type}.${getResponseName(node)}`;
          const known = found.get(key);
          if (known === undefined) found.set(key, { type, nodes: [node] });
          else known.nodes.push(node);
        } else if (node.kind === Kind.INLINE_FRAGMENT) {
          walk(node.selectionSet, node.typeCondition?.name.value ?? type);
        } else {
          const fragment = fragments.get(node.name.value);
          if (fragment !== undefined) walk(fragment.selectionSet, fragment.typeCondition.name.value);
        }
      }
    };
    for (const source of place.sources) walk(source, place.type);
    return found;
  }

  function visit(place: Place, isRoot: boolean): void {
    /** The calls at this place. Fields of the same subgraph share one. */
    const calls = new Set<string>();
    let previous: string | undefined;
    const below: Place[] = [];
    for (const [key, { type, nodes }] of collect(place)) {
      const name = nodes[0]?.name.value ?? '';
      const field = supergraph.getField(type, name);
      if (field === undefined) continue;
      const { call, holders, extra } = follow(field, place.holders);
      // Root fields of a mutation run one after another, so only neighbours of the same subgraph share a call.
      if (isRoot && isMutation) count += call === previous ? 0 : 1;
      else if (call !== undefined) calls.add(`${supergraph.isAbstract(place.type) ? type : ''} ${call}`);
      previous = call;
      for (let index = 0; index < extra; index += 1) calls.add(`${key} requires ${index}`);
      const sources = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (sources.length > 0) below.push({ type: field.typeName, sources, holders });
    }
    count += calls.size;
    for (const next of below) {
      if (count > limit) return;
      visit(next, false);
    }
  }

  visit(
    { type: supergraph.getRootType(operation.operation), sources: [operation.selectionSet], holders: undefined },
    true,
  );
  return count;
}

/** The call that resolves a field of an object, and the subgraphs that can then hold the field's value. */
function follow(
  field: SupergraphField,
  holders: Holders,
): { call?: string; holders: readonly string[]; extra: number } {
  const { owners } = field;
  const requires = field.joins.some((join) => join.requires !== undefined);
  const shared = holders === undefined || requires ? [] : owners.filter((owner) => holders.includes(owner));
  if (shared.length > 0) return { holders: shared, extra: 0 };
  // One more call may fetch what the field requires.
  return { call: owners.join(), holders: owners, extra: requires ? 1 : 0 };
}
