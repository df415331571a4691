import { maxErrors } from '@shop/graphql';
import { Kind, type DocumentNode, type FieldNode, type SelectionSetNode } from 'graphql';
import {
  addDefaults,
  forEachIncludedField,
  getResponseName,
  indexFragments,
  type Supergraph,
  type Variables,
} from '../../supergraph/index.ts';

export type Path = (string | number)[];

/** A call to a subgraph: one operation. */
export interface SubgraphOperation {
  readonly document: DocumentNode;
  readonly variables: Variables;
}

/** The places that a failed call leaves empty, as paths in the call's own response. */
export interface FailedCall {
  /** Null at each place, in the shape that `@apollo/gateway` expects. */
  readonly data: Record<string, null | null[]>;
  /**
   * The topmost places that become null: fields of the client, as GraphQL's null propagation determines them. There is at most one more
   * than an answer has errors, which shows that some are left out.
   */
  readonly paths: Path[];
}

/**
 * Finds the places that a failed call leaves empty. In a call for entities, an entity is null as a whole if a field was
 * selected that cannot be null; otherwise each of its fields is. In any other call, each root field is null.
 */
export function findFailedPaths(operation: SubgraphOperation, supergraph: Supergraph): FailedCall {
  const definition = operation.document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (definition === undefined) return { data: {}, paths: [] };
  const options = {
    fragments: indexFragments(operation.document),
    variables: addDefaults(definition, operation.variables),
    supergraph,
  };

  /** One field for each response name. */
  function select(selectionSet: SelectionSetNode, type: string | undefined): ReadonlyMap<string, FieldNode> {
    const found = new Map<string, FieldNode>();
    forEachIncludedField(selectionSet, type, options, (field) => {
      if (field.name.value !== '__typename') found.set(getResponseName(field), field);
    });
    return found;
  }

  const data: FailedCall['data'] = {};
  const paths: Path[] = [];
  for (const [name, field] of select(definition.selectionSet, undefined)) {
    if (field.name.value !== '_entities') {
      data[name] = null;
      paths.push([name]);
      continue;
    }
    const types = listRepresentationTypes(operation.variables) ?? [];
    data[name] = types.map(() => null);
    for (const [index, type] of types.entries()) {
      if (paths.length > maxErrors) break;
      const fields = field.selectionSet === undefined ? [] : [...select(field.selectionSet, type)];
      const isWholeNull =
        fields.length === 0 || fields.some(([, child]) => supergraph.getField(type, child.name.value)?.isNonNull);
      if (isWholeNull) paths.push([name, index]);
      else paths.push(...fields.map(([childName]): Path => [name, index, childName]));
    }
  }
  return { data, paths: paths.slice(0, maxErrors + 1) };
}

/** The types of the entities that a call asks for; undefined for a call that is not for entities. */
export function listRepresentationTypes(variables: Variables): readonly string[] | undefined {
  const representations = variables['representations'];
  if (!Array.isArray(representations)) return undefined;
  return representations.map((representation: { __typename?: unknown }) => String(representation.__typename));
}
