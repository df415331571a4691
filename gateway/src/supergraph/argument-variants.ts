import type { Link } from '@shop/access';
import {
  Kind,
  print,
  visit,
  type ArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { parseSelections } from './parse-selections.ts';
import { readTypeName } from './type-nodes.ts';

/**
 * The fields that requirements ask for with more than one set of arguments.
 *
 * A planner asks for each required field under its own name, so that of `price(currency: "EUR")` and `price(currency: "USD")` one would
 * silently get the value of the other. Therefore each further set of arguments is a field of its own in the planner's supergraph, such as
 * `price__v1`, which no subgraph has. In a plan, it stands for the field with the arguments.
 */
export interface ArgumentVariants {
  /** By the names of the fields that only the planner knows. */
  readonly fields: ReadonlyMap<string, VariantField>;
  /** True for the name of a field that has variants. */
  hasVariants(name: string): boolean;
  /** The name that a field of a requirement has in plans. */
  getPlanName(field: FieldNode): string;
}

/** The field of a subgraph that a variant stands for. */
export interface VariantField {
  readonly name: string;
  readonly arguments: readonly ArgumentNode[];
}

type CompositeType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/**
 * Finds the variants, and adds them to a supergraph.
 *
 * One field name with equal arguments is one variant on all types, because an object may be selected by its own type and by an interface.
 *
 * @returns the same document when there are none
 */
export function addArgumentVariants(
  document: DocumentNode,
  links: readonly Link[],
): { readonly document: DocumentNode; readonly variants: ArgumentVariants } {
  const joinField = links.find(({ specification }) => specification === 'join')?.getDirectiveName('field');
  const types = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION
        ? [[node.name.value, node] as const]
        : [],
    ),
  );
  const fieldNames = new Set([...types.values()].flatMap(({ fields = [] }) => fields.map(({ name }) => name.value)));
  const isJoin = (node: ConstDirectiveNode) => node.name.value === joinField;

  /** The name in plans by the name of the field, then by the arguments. */
  const names = new Map<string, Map<string, string>>();
  const variants = new Map<string, VariantField>();
  /** Types by the names of the variants that requirements select on them. */
  const places = new Map<string, Set<string>>();

  function add(field: FieldNode, type: string): void {
    const name = field.name.value;
    let known = names.get(name);
    if (known === undefined) names.set(name, (known = new Map()));
    const key = writeArguments(field);
    let planName = known.get(key);
    if (planName === undefined) {
      planName = name;
      if (known.size > 0) {
        planName = `${name}__v${known.size}`;
        while (fieldNames.has(planName)) planName += '_';
        variants.set(planName, { name, arguments: field.arguments ?? [] });
      }
      known.set(key, planName);
    }
    if (planName === name) return;
    const selectedOn = places.get(planName) ?? new Set();
    places.set(planName, selectedOn.add(type));
  }

  function collect({ selections }: SelectionSetNode, type: string): void {
    for (const node of selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) continue;
      if (node.kind === Kind.INLINE_FRAGMENT) {
        collect(node.selectionSet, node.typeCondition?.name.value ?? type);
        continue;
      }
      add(node, type);
      const definition = types.get(type)?.fields?.find(({ name }) => name.value === node.name.value);
      if (node.selectionSet !== undefined && definition !== undefined)
        collect(node.selectionSet, readTypeName(definition.type));
    }
  }

  for (const type of types.values())
    for (const field of type.fields ?? [])
      for (const directive of (field.directives ?? []).filter(isJoin)) {
        const requires = readRequires(directive);
        if (requires !== undefined) collect(parseSelections(requires), type.name.value);
      }

  const found: ArgumentVariants = {
    fields: variants,
    hasVariants: (name) => (names.get(name)?.size ?? 0) > 1,
    getPlanName: (field) => names.get(field.name.value)?.get(writeArguments(field)) ?? field.name.value,
  };
  if (variants.size === 0) return { document, variants: found };

  const added = new Map<string, string[]>();
  for (const [planName, selectedOn] of places) {
    const name = variants.get(planName)?.name ?? planName;
    for (const type of findRelated(selectedOn, name, types)) added.set(type, [...(added.get(type) ?? []), planName]);
  }
  const rewriteRequires = (directive: ConstDirectiveNode): ConstDirectiveNode => {
    const requires = isJoin(directive) ? readRequires(directive) : undefined;
    if (requires === undefined) return directive;
    const value = writeSelections(parseSelections(requires), found);
    return {
      ...directive,
      arguments: (directive.arguments ?? []).map((argument) =>
        argument.name.value === 'requires' ? { ...argument, value: { kind: Kind.STRING, value } } : argument,
      ),
    };
  };
  const rewriteType = <Node extends CompositeType>(node: Node): Node => {
    const fields = (node.fields ?? []).map((field) => ({
      ...field,
      directives: (field.directives ?? []).map(rewriteRequires),
    }));
    const more = (added.get(node.name.value) ?? []).flatMap((planName) =>
      fields
        .filter((field) => field.name.value === variants.get(planName)?.name)
        .map((field) => createVariant(field, planName, isJoin)),
    );
    return { ...node, fields: [...fields, ...more] };
  };
  return {
    document: visit(document, { ObjectTypeDefinition: rewriteType, InterfaceTypeDefinition: rewriteType }),
    variants: found,
  };
}

/** The field comes from the same subgraphs, and has the same type there. */
function createVariant(
  field: FieldDefinitionNode,
  planName: string,
  isJoin: (node: ConstDirectiveNode) => boolean,
): FieldDefinitionNode {
  const { description: _description, ...rest } = field;
  return {
    ...rest,
    name: { ...field.name, value: planName },
    arguments: [],
    directives: (field.directives ?? []).filter(isJoin),
  };
}

/** An interface and the types that implement it have the same fields. */
function findRelated(
  start: ReadonlySet<string>,
  field: string,
  types: ReadonlyMap<string, CompositeType>,
): ReadonlySet<string> {
  const hasField = (name: string) => types.get(name)?.fields?.some((node) => node.name.value === field) === true;
  const related = new Set([...start].filter(hasField));
  // A set also visits what is added meanwhile.
  for (const name of related) {
    for (const { name: parent } of types.get(name)?.interfaces ?? [])
      if (hasField(parent.value)) related.add(parent.value);
    for (const node of types.values())
      if (node.interfaces?.some((parent) => parent.name.value === name) === true && hasField(node.name.value))
        related.add(node.name.value);
  }
  return related;
}

/** Arguments in another order, or with block strings, are the same. */
function writeArguments({ arguments: given = [] }: FieldNode): string {
  return given
    .map((node) => print(visit(node, { StringValue: (value) => ({ ...value, block: false }) })))
    .toSorted()
    .join();
}

function readRequires({ arguments: given = [] }: ConstDirectiveNode): string | undefined {
  const value = given.find(({ name }) => name.value === 'requires')?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

function writeSelections(selectionSet: SelectionSetNode, variants: ArgumentVariants): string {
  const rewritten = visit(selectionSet, {
    Field(node) {
      const planName = variants.getPlanName(node);
      if (planName === node.name.value) return undefined;
      return { ...node, name: { ...node.name, value: planName }, arguments: [] };
    },
  });
  return rewritten.selections.map(print).join(' ');
}
