import { Kind, type SelectionSetNode } from 'graphql';
import type { Supergraph } from './model.ts';
import { parseSelections } from './parse-selections.ts';

/**
 * The fields that a planner may add to a selection by itself, by their names: those of each `@key` and `@requires`, their variants,
 * `__typename`, and those of `findInterfaceObjectFields`.
 * The value is true when a `@requires` gives the field arguments.
 */
export function findPlannerFields({
  types,
  variants,
}: Pick<Supergraph, 'types' | 'variants'>): ReadonlyMap<string, boolean> {
  const found = new Map([['__typename', false]]);
  for (const name of variants.fields.keys()) found.set(name, false);
  for (const name of findInterfaceObjectFields({ types })) found.set(name, false);

  const add = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const name = node.name.value;
        found.set(name, found.get(name) === true || (node.arguments ?? []).length > 0);
      }
      if (node.kind !== Kind.FRAGMENT_SPREAD && node.selectionSet !== undefined) add(node.selectionSet);
    }
  };
  const addText = (fields: string | undefined): void => {
    if (fields !== undefined) add(parseSelections(fields));
  };

  for (const { joins, fields } of types.values()) {
    for (const { key } of joins) addText(key);
    for (const field of fields.values()) for (const { requires } of field.joins) addText(requires);
  }
  return found;
}

/**
 * The names of the fields of interfaces that a subgraph has as an `@interfaceObject`. A field that is selected for one object type is
 * asked for on the interface, so that objects of the other types may get it too.
 */
export function findInterfaceObjectFields({ types }: Pick<Supergraph, 'types'>): ReadonlySet<string> {
  const interfaces = [...types.values()].filter(({ joins }) => joins.some((join) => join.isInterfaceObject));
  return new Set(interfaces.flatMap(({ fields }) => [...fields.keys()]));
}

/** Returns the names of the fields at the top of a selection set, such as that of the key `sku region { code }`. */
export function readFieldNames(selections: string): readonly string[] {
  return parseSelections(selections).selections.flatMap((each) => (each.kind === Kind.FIELD ? [each.name.value] : []));
}

/** The names of the fields that need others, by `@requires`. */
export function findComputedFields({ types }: Pick<Supergraph, 'types'>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { fields } of types.values())
    for (const { name, joins } of fields.values())
      if (joins.some(({ requires }) => requires !== undefined)) names.add(name);
  return names;
}
