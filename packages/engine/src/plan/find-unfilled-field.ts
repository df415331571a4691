import {
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  parse,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { getResponseName, indexFragments } from '../documents.ts';
import type { FetchNode, PlanNode } from './plan.ts';

/** The response names that calls bring to one place of the answer, on any type and under any condition. */
type Place = Map<string, Place>;

/** The values of the variables under which a selection applies. */
type Conditions = ReadonlyMap<string, boolean>;

/**
 * Finds a selected field that no call of a plan brings. A planner that finds no way to a field may leave it out without an error.
 *
 * Below a field of an interface or a union nothing is checked: there a plan rightly leaves out what no object can have.
 *
 * @param schema the schema that clients see
 * @param document the document that was planned
 * @param plan undefined for a plan without steps
 * @returns the path of response names; undefined when the plan brings all fields
 */
export function findUnfilledField(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  plan: PlanNode | undefined,
): readonly string[] | undefined {
  const root = schema.getRootType(operation.operation);
  if (root == null) return undefined;
  const brought: Place = new Map();
  if (plan !== undefined) addPlan(plan, brought);
  const fragments = indexFragments(document);

  function find(
    { selections }: SelectionSetNode,
    type: GraphQLObjectType,
    place: Place,
    conditions: Conditions,
  ): readonly string[] | undefined {
    for (const node of selections) {
      const inner = addConditions(conditions, node.directives);
      if (inner === undefined) continue;
      let unfilled: readonly string[] | undefined;
      if (node.kind === Kind.FIELD) {
        const field = type.getFields()[node.name.value];
        // Fields of introspection are no subgraph's.
        if (field === undefined) continue;
        const name = getResponseName(node);
        const below = place.get(name);
        if (below === undefined) return [name];
        const returned = getNamedType(field.type);
        if (node.selectionSet !== undefined && isObjectType(returned)) {
          unfilled = find(node.selectionSet, returned, below, inner);
          if (unfilled !== undefined) unfilled = [name, ...unfilled];
        }
      } else {
        const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
        // Below a fragment on an interface, there may be one on another of its types.
        if (fragment === undefined || !appliesTo(fragment, type)) continue;
        unfilled = find(fragment.selectionSet, type, place, inner);
      }
      if (unfilled !== undefined) return unfilled;
    }
    return undefined;
  }

  function appliesTo({ typeCondition }: InlineFragmentNode | FragmentDefinitionNode, type: GraphQLObjectType): boolean {
    const condition = typeCondition && schema.getType(typeCondition.name.value);
    return isAbstractType(condition) ? schema.isSubType(condition, type) : (condition ?? type) === type;
  }

  return find(operation.selectionSet, root, brought, new Map());
}

/** Undefined for a selection that never applies. */
function addConditions(conditions: Conditions, directives: readonly DirectiveNode[] = []): Conditions | undefined {
  let all = conditions;
  for (const { name, arguments: given = [] } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const wanted = name.value === 'include';
    const value = given.find((argument) => argument.name.value === 'if')?.value;
    if (value?.kind === Kind.BOOLEAN && value.value !== wanted) return undefined;
    if (value?.kind !== Kind.VARIABLE) continue;
    const variable = value.name.value;
    if ((all.get(variable) ?? wanted) !== wanted) return undefined;
    all = new Map([...all, [variable, wanted]]);
  }
  return all;
}

function addPlan(node: PlanNode, root: Place): void {
  switch (node.kind) {
    case 'sequence':
    case 'parallel':
      for (const child of node.nodes) addPlan(child, root);
      return;
    case 'condition':
      for (const child of [node.ifTrue, node.ifFalse]) if (child !== undefined) addPlan(child, root);
      return;
    case 'fetch':
      addFetch(node, root);
  }
}

function addFetch({ operation, path, requires, outputRewrites }: FetchNode, root: Place): void {
  const document = parse(operation, { noLocation: true });
  const fragments = indexFragments(document);

  function add({ selections }: SelectionSetNode, place: Place): void {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const below = enter(place, getResponseName(node));
        if (node.selectionSet !== undefined) add(node.selectionSet, below);
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (fragment !== undefined) add(fragment.selectionSet, place);
    }
  }

  let owner = root;
  for (const step of path) if (typeof step === 'string') owner = enter(owner, step);
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    if (requires === undefined) add(node.selectionSet, owner);
    else
      for (const entities of node.selectionSet.selections)
        if (entities.kind === Kind.FIELD && entities.selectionSet !== undefined) add(entities.selectionSet, owner);
  }
  for (const rewrite of outputRewrites) {
    if (rewrite.kind !== 'rename') continue;
    const steps = rewrite.path.flatMap((step) => ('field' in step ? [step.field] : []));
    let place: Place | undefined = owner;
    for (const step of steps.slice(0, -1)) place = place?.get(step);
    const renamed = place?.get(steps.at(-1) ?? '');
    if (place !== undefined && renamed !== undefined) mergePlace(enter(place, rewrite.name), renamed);
  }
}

function mergePlace(target: Place, source: Place): void {
  for (const [name, below] of source) mergePlace(enter(target, name), below);
}

function enter(place: Place, name: string): Place {
  let below = place.get(name);
  if (below === undefined) place.set(name, (below = new Map()));
  return below;
}
