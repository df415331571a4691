import { createCodedError } from '@shop/graphql';
import {
  getNullableType,
  isListType,
  Kind,
  print,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import { getResponseName, indexFragments, type LiveSource, type Supergraph } from '../supergraph/index.ts';

/** A subscription as the query for one object, which has the messages of the subscription as its answers. */
export interface LiveOperation {
  /** The field of the type of subscriptions. */
  readonly field: string;
  readonly source: LiveSource;
  /** The field as the client selected it. The selections of the query come from all nodes of this response name. */
  readonly node: FieldNode;
  readonly responseName: string;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** The text of the query. Subscriptions with the same text select the same. */
  readonly text: string;
  /** The client's variables that the query uses. */
  readonly variableNames: readonly string[];
  /** True where the client chooses one object by its id, and is told where there is none. */
  readonly isForOne: boolean;
  /** The variable of the query for the id of the object. */
  readonly idVariable: string;
  /** The response name of the version, which is the first field of the object. Undefined where the object has none. */
  readonly versionName: string | undefined;
}

/**
 * Translates a subscription.
 *
 * @throws GraphQLError GRAPHQL_VALIDATION_FAILED for a field that is not served, or that a directive may leave out
 */
export function createLiveOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { supergraph, schema }: { readonly supergraph: Supergraph; readonly schema: GraphQLSchema },
): LiveOperation {
  const fragments = indexFragments(document);
  const nodes = listRootFields(operation.selectionSet, fragments);
  const [node] = nodes;
  const field = node?.name.value ?? '';
  const source = supergraph.getField(supergraph.getRootType('subscription'), field)?.live;
  if (node === undefined || source === undefined)
    throw createCodedError('GRAPHQL_VALIDATION_FAILED', {
      message: `This gateway cannot serve ${field}.`,
      setsStatus: true,
    });

  const names = collectNames(document);
  const idVariable = findUnused('id', names);
  const versionName = source.version === undefined ? undefined : findUnused('version', names);
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  const root: FieldNode = {
    kind: Kind.FIELD,
    alias: toName(getResponseName(node)),
    name: toName(source.query),
    arguments: [{ kind: Kind.ARGUMENT, name: toName('id'), value: toVariable(idVariable) }],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: [
        ...(versionName === undefined || source.version === undefined
          ? []
          : [{ kind: Kind.FIELD as const, alias: toName(versionName), name: toName(source.version) }]),
        ...selections,
      ],
    },
  };
  const used = collectUsed(root.selectionSet, fragments);
  const variables = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    used.variables.has(variable.name.value),
  );
  const query: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: 'query' as OperationDefinitionNode['operation'],
        ...(operation.name === undefined ? {} : { name: operation.name }),
        variableDefinitions: [defineId(idVariable), ...variables],
        selectionSet: { kind: Kind.SELECTION_SET, selections: [root] },
      },
      ...used.fragments,
    ],
  };
  const argument = schema
    .getSubscriptionType()
    ?.getFields()
    [field]?.args.find(({ name }) => name === source.argument);
  return {
    field,
    source,
    isForOne: argument !== undefined && source.member === undefined && !isListType(getNullableType(argument.type)),
    node,
    responseName: getResponseName(node),
    document: query,
    operationName: operation.name?.value,
    text: print(query),
    variableNames: variables.map(({ variable }) => variable.name.value),
    idVariable,
    versionName,
  };
}

type Fragments = ReturnType<typeof indexFragments>;

/** Validation has made sure that all root fields have one response name. */
function listRootFields({ selections }: SelectionSetNode, fragments: Fragments): FieldNode[] {
  return selections.flatMap((node): FieldNode[] => {
    if ((node.directives ?? []).some(({ name }) => name.value === 'skip' || name.value === 'include'))
      throw createCodedError('GRAPHQL_VALIDATION_FAILED', {
        message: 'The field of a subscription cannot be skipped: remove @skip and @include from it.',
        setsStatus: true,
      });
    if (node.kind === Kind.FIELD) return [node];
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
    return fragment === undefined ? [] : listRootFields(fragment.selectionSet, fragments);
  });
}

/** All names of a document: none of them is free for a variable or a response name. */
function collectNames(document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, { Name: ({ value }) => void names.add(value) });
  return names;
}

/** The fragments and variables that a selection set uses, directly or through fragments. */
function collectUsed(selectionSet: SelectionSetNode | undefined, fragments: Fragments) {
  const used = { fragments: new Set<FragmentDefinitionNode>(), variables: new Set<string>() };
  const collect = (node: SelectionSetNode | FragmentDefinitionNode): void => {
    visit(node, {
      Variable: ({ name }) => void used.variables.add(name.value),
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment === undefined || used.fragments.has(fragment)) return;
        used.fragments.add(fragment);
        collect(fragment);
      },
    });
  };
  if (selectionSet !== undefined) collect(selectionSet);
  return used;
}

function findUnused(name: string, used: ReadonlySet<string>): string {
  let unused = `live_${name}`;
  while (used.has(unused)) unused += '_';
  return unused;
}

const toName = (value: string) => ({ kind: Kind.NAME, value }) as const;
const toVariable = (name: string) => ({ kind: Kind.VARIABLE, name: toName(name) }) as const;

const defineId = (name: string): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: toVariable(name),
  type: { kind: Kind.NON_NULL_TYPE, type: { kind: Kind.NAMED_TYPE, name: toName('ID') } },
});

/** A query that finds nothing but whether an object exists for the caller. */
export function createExistenceQuery(field: string): DocumentNode {
  const selections: SelectionNode[] = [{ kind: Kind.FIELD, name: toName('__typename') }];
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: 'query' as OperationDefinitionNode['operation'],
        variableDefinitions: [defineId('id')],
        selectionSet: {
          kind: Kind.SELECTION_SET,
          selections: [
            {
              kind: Kind.FIELD,
              name: toName(field),
              arguments: [{ kind: Kind.ARGUMENT, name: toName('id'), value: toVariable('id') }],
              selectionSet: { kind: Kind.SELECTION_SET, selections },
            },
          ],
        },
      },
    ],
  };
}
