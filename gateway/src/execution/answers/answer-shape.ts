import { Kind, type DocumentNode, type OperationDefinitionNode, type SelectionSetNode, type TypeNode } from 'graphql';
import {
  addDefaults,
  forEachIncludedField,
  getResponseName,
  indexFragments,
  type IncludedFieldsOptions,
  type Supergraph,
  type Variables,
} from '../../supergraph/index.ts';

/** A field that an answer must have. */
export interface ExpectedField {
  readonly responseName: string;
  readonly name: string;
  /** Undefined when the supergraph does not describe it, as `__typename` and `_entities`. */
  readonly type: TypeNode | undefined;
  /** The selection on its objects; undefined for a scalar or an enum. */
  readonly shape: AnswerShape | undefined;
}

type Options = Omit<IncludedFieldsOptions, 'supergraph'> & { readonly supergraph: Supergraph };

/** The shape that a selection set gives to an object, by the object's type. Each type is examined once. */
export class AnswerShape {
  readonly #sets: readonly SelectionSetNode[];
  readonly #options: Options;
  readonly #byType = new Map<string, readonly ExpectedField[]>();

  constructor(sets: readonly SelectionSetNode[], options: Options) {
    this.#sets = sets;
    this.#options = options;
  }

  /** The fields of an object of a type. */
  listFields(type: string): readonly ExpectedField[] {
    let fields = this.#byType.get(type);
    if (fields === undefined) this.#byType.set(type, (fields = this.#collect(type)));
    return fields;
  }

  #collect(type: string): ExpectedField[] {
    const found = new Map<string, { name: string; sets: SelectionSetNode[] }>();
    for (const set of this.#sets) {
      forEachIncludedField(set, type, this.#options, (node) => {
        const responseName = getResponseName(node);
        const field = found.get(responseName) ?? { name: node.name.value, sets: [] };
        found.set(responseName, field);
        if (node.selectionSet !== undefined) field.sets.push(node.selectionSet);
      });
    }
    return [...found].map(([responseName, { name, sets }]) => ({
      responseName,
      name,
      type: this.#options.supergraph.getField(type, name)?.type,
      shape: sets.length === 0 ? undefined : new AnswerShape(sets, this.#options),
    }));
  }
}

/** The shape of the answer to an operation, and the type of its root. */
export interface RootShape {
  readonly operation: OperationDefinitionNode;
  readonly type: string;
  readonly shape: AnswerShape;
}

/** Shapes do not depend on the variables of an operation without `@skip` and `@include`. */
const known = new WeakMap<DocumentNode, RootShape>();

/** @returns undefined for a document without an operation */
export function readShape(document: DocumentNode, variables: Variables, supergraph: Supergraph): RootShape | undefined {
  const found = known.get(document);
  if (found !== undefined) return found;
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) return undefined;
  const options = { fragments: indexFragments(document), variables: addDefaults(operation, variables), supergraph };
  const shape = new AnswerShape([operation.selectionSet], options);
  const root = { operation, type: supergraph.getRootType(operation.operation), shape };
  if (!hasConditions(document)) known.set(document, root);
  return root;
}

function hasConditions(document: DocumentNode): boolean {
  const inSet = ({ selections }: SelectionSetNode): boolean =>
    selections.some(
      (node) =>
        (node.directives ?? []).length > 0 ||
        (node.kind !== Kind.FRAGMENT_SPREAD && node.selectionSet !== undefined && inSet(node.selectionSet)),
    );
  return document.definitions.some((node) => 'selectionSet' in node && inSet(node.selectionSet));
}
