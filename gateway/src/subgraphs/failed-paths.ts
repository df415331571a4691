import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { SchemaFacts } from './schema-facts.ts';

export type Path = (string | number)[];
export type Variables = Record<string, unknown>;

/** What the gateway sends to a subgraph: one operation. */
export interface SubgraphOperation {
  readonly document: DocumentNode;
  readonly variables: Variables;
}

/** What a call that failed leaves empty, in the terms of the call's own response. */
export interface FailedCall {
  /** Null at each place, in the shape that `@apollo/gateway` expects. */
  readonly data: Record<string, null | null[]>;
  /** The topmost places that become null: what the client selected, as GraphQL's own null propagation would have it. */
  readonly paths: Path[];
}

/**
 * For a call with entities: an entity for which a field was asked that cannot be null is null as a whole; else each field
 * is. For any other call: each root field.
 */
export function failedCallOf(operation: SubgraphOperation, facts: SchemaFacts): FailedCall {
  const definition = operation.document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (definition === undefined) return { data: {}, paths: [] };
  const select = createSelect(operation, facts);
  const rootFields = select(definition.selectionSet, undefined);
  const data: FailedCall['data'] = {};
  const paths: Path[] = [];
  for (const field of rootFields) {
    const name = responseNameOf(field);
    if (field.name.value !== '_entities') {
      data[name] = null;
      paths.push([name]);
      continue;
    }
    const types = representationTypesOf(operation.variables);
    data[name] = types.map(() => null);
    for (const [index, type] of types.entries()) {
      const fields = field.selectionSet === undefined ? [] : select(field.selectionSet, type);
      const isWholeNull = fields.length === 0 || fields.some((child) => facts.isNonNull(type, child.name.value));
      if (isWholeNull) paths.push([name, index]);
      else paths.push(...fields.map((child): Path => [name, index, responseNameOf(child)]));
    }
  }
  return { data, paths };
}

const responseNameOf = (field: FieldNode): string => field.alias?.value ?? field.name.value;

function representationTypesOf(variables: Variables): string[] {
  const representations = variables['representations'];
  if (!Array.isArray(representations)) return [];
  return representations.map((representation: { __typename?: unknown }) => String(representation.__typename));
}

/** The fields of a selection set that apply to a type, with fragments opened; one for each response name. */
function createSelect({ document, variables }: SubgraphOperation, facts: SchemaFacts) {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const isIncluded = (node: SelectionNode) =>
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false;
  const applies = (type: string | undefined, condition: string | undefined) =>
    type === undefined || condition === undefined || facts.isMatchedBy(type, condition);

  function collect(selectionSet: SelectionSetNode, type: string | undefined, found: Map<string, FieldNode>): void {
    for (const node of selectionSet.selections) {
      if (!isIncluded(node)) continue;
      if (node.kind === Kind.FIELD) {
        if (node.name.value !== '__typename') found.set(responseNameOf(node), node);
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (fragment !== undefined && applies(type, fragment.typeCondition?.name.value))
        collect(fragment.selectionSet, type, found);
    }
  }

  return (selectionSet: SelectionSetNode, type: string | undefined): FieldNode[] => {
    const found = new Map<string, FieldNode>();
    collect(selectionSet, type, found);
    return [...found.values()];
  };
}
