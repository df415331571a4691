import { visitNodes, type FetchNode, type PlanNode, type RequiredSelection } from '@shop/engine';
import {
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { parseSelections, type Supergraph } from '../supergraph/index.ts';

/** The types of a condition with their subtypes; undefined without a condition. */
type Types = ReadonlySet<string> | undefined;

/** A field with variants that a representation must have. */
interface Need {
  /** The names of the fields above, and of the field itself. */
  readonly place: string;
  /** The types of the object that has the field. */
  readonly types: Types;
  /** The name of the variant. */
  readonly name: string;
}

/** A field that an entity call selects at the top of an entity. */
interface Selected {
  /** The types that the conditions around the field allow; undefined when there are none. */
  readonly types: Types;
  readonly needs: readonly Need[];
  /** The field in the fragments around it. */
  readonly node: SelectionNode;
}

/** The field of a subgraph that finds entities, and its variable. */
const entitiesField = '_entities';
const representations = 'representations';

/**
 * Puts the fields of subgraphs in the place of argument variants, which only the planner knows:
 *
 * - A call asks for the field with its arguments, under the name of the variant.
 * - A representation takes the value of the variant, and has the name of the field.
 * - A call that needs two variants of one field becomes several calls, since a representation has one value of each field.
 */
export function createVariantResolver(
  supergraph: Pick<Supergraph, 'types' | 'variants'>,
): (plan: PlanNode) => PlanNode {
  const { variants } = supergraph;
  const names = [...variants.fields.keys()];
  if (names.length === 0) return (plan) => plan;

  function resolve(node: PlanNode): PlanNode {
    switch (node.kind) {
      case 'sequence':
      case 'parallel':
        return { ...node, nodes: node.nodes.map(resolve) };
      case 'condition':
        return { ...node, ifTrue: node.ifTrue && resolve(node.ifTrue), ifFalse: node.ifFalse && resolve(node.ifFalse) };
      case 'fetch':
        return resolveFetch(node);
    }
  }

  function resolveFetch(node: FetchNode): PlanNode {
    const hasVariants = node.requires?.some(isVariant) === true;
    const fetches = hasVariants ? splitFetch(node, supergraph) : [node];
    const resolved = fetches.map((fetch) => ({
      ...fetch,
      operation: names.some((name) => fetch.operation.includes(name))
        ? writeOperation(fetch.operation)
        : fetch.operation,
      requires: fetch.requires?.map(renameRequired),
    }));
    const [only, ...more] = resolved;
    return only !== undefined && more.length === 0 ? only : { kind: 'parallel', nodes: resolved };
  }

  function isVariant(selection: RequiredSelection): boolean {
    if (selection.kind === 'field' && variants.fields.has(selection.source)) return true;
    return selection.selections?.some(isVariant) === true;
  }

  function writeOperation(text: string): string {
    return printShort(
      visitNodes(parse(text, { noLocation: true }), {
        Field(field) {
          const variant = variants.fields.get(field.name.value);
          if (variant === undefined) return undefined;
          return {
            ...field,
            alias: field.alias ?? field.name,
            name: { kind: Kind.NAME, value: variant.name },
            arguments: variant.arguments,
          };
        },
      }),
    );
  }

  function renameRequired(selection: RequiredSelection): RequiredSelection {
    const selections = selection.selections?.map(renameRequired);
    if (selection.kind === 'fragment') return { ...selection, selections: selections ?? [] };
    return { ...selection, name: variants.fields.get(selection.source)?.name ?? selection.name, selections };
  }

  return resolve;
}

/** Splits a call so that each needs at most one variant of a field. */
function splitFetch(node: FetchNode, supergraph: Pick<Supergraph, 'types' | 'variants'>): readonly FetchNode[] {
  const document = parse(node.operation, { noLocation: true });
  const selected = listSelected(document, node.service, supergraph);
  const groups: Selected[][] = [];
  for (const field of selected) {
    const group = groups.find((known) => !known.some((other) => isInConflict(field, other)));
    if (group === undefined) groups.push([field]);
    else group.push(field);
  }
  const isWhole = groups.length <= 1;
  return (isWhole ? [selected] : groups).map((group) => {
    const requires = keepNeeded(node.requires ?? [], group, selected, supergraph);
    if (isWhole) return { ...node, requires };
    const part = keepSelected(document, group);
    const used = new Set(part.variables);
    return {
      ...node,
      operation: printShort(part.document),
      variables: node.variables.filter((name) => used.has(name)),
      requires: requires.filter(
        (required) =>
          required.kind === 'field' ||
          group.some(({ types }) => overlaps(types, typesOf(required.typeCondition, supergraph))),
      ),
    };
  });
}

/** The fields of the entities of a call, with what each needs of the representations. */
function listSelected(
  document: DocumentNode,
  service: string,
  supergraph: Pick<Supergraph, 'types' | 'variants'>,
): readonly Selected[] {
  const fragments = indexDefinitions(document);
  const found: Selected[] = [];

  function collect({ selections }: SelectionSetNode, types: Types, wrap: (node: SelectionNode) => SelectionNode): void {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        found.push({ types, needs: findNeeds(node, types, service, supergraph), node: wrap(node) });
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (fragment === undefined) continue;
      const { typeCondition, selectionSet } = fragment;
      const allowed = typesOf(typeCondition?.name.value, supergraph);
      collect(
        selectionSet,
        types && allowed ? new Set([...types].filter((type) => allowed.has(type))) : (allowed ?? types),
        (inner) =>
          wrap({
            kind: Kind.INLINE_FRAGMENT,
            ...(typeCondition === undefined ? {} : { typeCondition }),
            directives: node.directives ?? [],
            selectionSet: { kind: Kind.SELECTION_SET, selections: [inner] },
          }),
      );
    }
  }

  for (const { selectionSet } of listEntityFields(document))
    if (selectionSet) collect(selectionSet, undefined, (node) => node);
  return found;
}

function findNeeds(
  { name }: FieldNode,
  types: Types,
  service: string,
  { types: known, variants }: Pick<Supergraph, 'types' | 'variants'>,
): readonly Need[] {
  const needs: Need[] = [];
  const collect = ({ selections }: SelectionSetNode, above: string, here: Types): void => {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const place = `${above}/${node.name.value}`;
        if (variants.hasVariants(node.name.value)) needs.push({ place, types: here, name: variants.getPlanName(node) });
        if (node.selectionSet !== undefined) collect(node.selectionSet, place, undefined);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        collect(node.selectionSet, above, typesOf(node.typeCondition?.name.value, { types: known }) ?? here);
      }
    }
  };
  for (const type of types ?? known.keys())
    for (const { subgraph, requires } of known.get(type)?.fields.get(name.value)?.joins ?? [])
      if (subgraph === service && requires !== undefined) collect(parseSelections(requires), '', undefined);
  return needs;
}

function isInConflict(one: Selected, other: Selected): boolean {
  if (!overlaps(one.types, other.types)) return false;
  return one.needs.some(({ place, types, name }) =>
    other.needs.some((need) => need.place === place && need.name !== name && overlaps(need.types, types)),
  );
}

/** Keeps of the variants those that the fields of one call need. Where no field of any call tells, all stay. */
function keepNeeded(
  requires: readonly RequiredSelection[],
  group: readonly Selected[],
  all: readonly Selected[],
  supergraph: Pick<Supergraph, 'types' | 'variants'>,
): readonly RequiredSelection[] {
  const { variants } = supergraph;

  /** @param entity the types of the entity */
  function keep(
    selections: readonly RequiredSelection[],
    above: string,
    entity: Types,
    here: Types,
  ): readonly RequiredSelection[] {
    return selections.flatMap((selection): RequiredSelection[] => {
      if (selection.kind === 'fragment') {
        const inner = typesOf(selection.typeCondition, supergraph) ?? here;
        const kept = keep(selection.selections, above, above === '' ? inner : entity, inner);
        return kept.length === 0 ? [] : [{ ...selection, selections: kept }];
      }
      const { source } = selection;
      const place = `${above}/${variants.fields.get(source)?.name ?? source}`;
      const findNeeded = (fields: readonly Selected[]) =>
        fields
          .filter(({ types }) => overlaps(types, entity))
          .flatMap(({ needs }) => needs.filter((need) => need.place === place && overlaps(need.types, here)));
      if (findNeeded(all).length > 0 && !findNeeded(group).some(({ name }) => name === source)) return [];
      if (selection.selections === undefined) return [selection];
      const kept = keep(selection.selections, place, entity, undefined);
      return kept.length === 0 ? [] : [{ ...selection, selections: kept }];
    });
  }

  return keep(requires, '', undefined, undefined);
}

/** The operation with some fields of its entities alone, and the variables that are left. */
function keepSelected(
  document: DocumentNode,
  group: readonly Selected[],
): { readonly document: DocumentNode; readonly variables: readonly string[] } {
  const entityFields = new Set(listEntityFields(document));
  const withFields = visitNodes(document, {
    Field(field) {
      if (!entityFields.has(field)) return undefined;
      return { ...field, selectionSet: { kind: Kind.SELECTION_SET, selections: group.map(({ node }) => node) } };
    },
  });
  const fragments = indexDefinitions(withFields);
  const variables = new Set<string>();
  const reached = new Set<DocumentNode['definitions'][number]>(
    withFields.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION),
  );
  // A set also visits what is added meanwhile.
  for (const definition of reached)
    visitNodes(definition, {
      VariableDefinition: () => false,
      Variable: ({ name }) => void variables.add(name.value),
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment !== undefined) reached.add(fragment);
      },
    });
  return {
    document: visitNodes(
      { ...withFields, definitions: [...reached] },
      { VariableDefinition: ({ variable }) => (variables.has(variable.name.value) ? undefined : null) },
    ),
    variables: [...variables].filter((name) => name !== representations),
  };
}

function listEntityFields({ definitions }: DocumentNode): readonly FieldNode[] {
  return definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION
      ? node.selectionSet.selections.filter(
          (field): field is FieldNode => field.kind === Kind.FIELD && field.name.value === entitiesField,
        )
      : [],
  );
}

function indexDefinitions({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
}

function typesOf(condition: string | undefined, { types }: Pick<Supergraph, 'types'>): Types {
  return condition === undefined ? undefined : new Set([condition, ...(types.get(condition)?.subtypes ?? [])]);
}

function overlaps(one: Types, other: Types): boolean {
  return one === undefined || other === undefined || [...one].some((type) => other.has(type));
}

const printShort = (document: DocumentNode): string => stripIgnoredCharacters(print(document));
