import type { Requirement } from '@shop/access';
import type { FieldNode, SelectionSetNode } from 'graphql';
import { forEachIncludedField, getResponseName, type IncludedFieldsOptions } from '../supergraph/index.ts';
import type { Refusals } from './find-refusals.ts';

/** All selections of one response name: the permitted ones and the refused ones. */
export interface CollectedField {
  readonly allowed: FieldNode[];
  readonly refused: { readonly node: FieldNode; readonly requirement: Requirement }[];
}

/** A selection set. It has a requirement when it belongs to a refused field, so that all of it is refused. */
export interface SelectionSource {
  readonly selectionSet: SelectionSetNode;
  readonly requirement?: Requirement;
}

export interface CollectOptions extends IncludedFieldsOptions {
  readonly refusals: Refusals;
}

/** Collects the fields that apply to an object of `type`, in the order of the response. */
export function collectFields(
  sources: readonly SelectionSource[],
  type: string,
  options: CollectOptions,
): ReadonlyMap<string, CollectedField> {
  const collected = new Map<string, CollectedField>();
  for (const { selectionSet, requirement: inherited } of sources) {
    forEachIncludedField(selectionSet, type, options, (node) => {
      const name = getResponseName(node);
      const field = collected.get(name) ?? { allowed: [], refused: [] };
      collected.set(name, field);
      const requirement = inherited ?? options.refusals.get(node);
      if (requirement === undefined) field.allowed.push(node);
      else field.refused.push({ node, requirement });
    });
  }
  return collected;
}
