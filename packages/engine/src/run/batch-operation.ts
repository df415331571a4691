import {
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { FetchNode } from '../plan/plan.ts';
import { visitNodes } from '../visit-nodes.ts';
import { entitiesField } from './fetch.ts';

/** One operation that does the work of several calls for entities. */
export interface BatchOperation extends Pick<FetchNode, 'operation' | 'operationName' | 'variables'> {
  /** The response name of each call's entities, and its variable for their representations, in the order of the calls. */
  readonly members: readonly { readonly alias: string; readonly variable: string }[];
}

const representations = 'representations';

/**
 * Joins calls for entities of one subgraph. Each gets an alias of `_entities`, a variable for its representations, and fragments of its
 * own.
 *
 * @returns undefined when they cannot be joined: one has another form, or two declare a variable in different ways
 */
export function joinOperations(nodes: readonly FetchNode[]): BatchOperation | undefined {
  const documents = nodes.map(({ operation }) => parse(operation, { noLocation: true }));
  const operations = documents.map(findEntityOperation);
  const [first] = operations;
  if (first === undefined) return undefined;
  const variables = new Map<string, VariableDefinitionNode>();
  for (const operation of operations) {
    if (operation === undefined || printDirectives(operation) !== printDirectives(first)) return undefined;
    for (const definition of operation.variableDefinitions ?? []) {
      const { value: name } = definition.variable.name;
      const known = variables.get(name);
      if (known !== undefined && print(known) !== print(definition)) return undefined;
      variables.set(name, definition);
    }
  }
  const declared = variables.get(representations) as VariableDefinitionNode;
  variables.delete(representations);

  const members = nodes.map((_node, index) => ({
    alias: `_entities_${index}`,
    variable: findUnused(`${representations}_${index}`, variables),
  }));
  const renamed = documents.map((document, index) => rename(document, members[index] as Member, index));
  const joined: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        ...first,
        variableDefinitions: [
          ...members.map(({ variable }) => ({
            ...declared,
            variable: { ...declared.variable, name: toName(variable) },
          })),
          ...variables.values(),
        ],
        selectionSet: {
          kind: Kind.SELECTION_SET,
          selections: renamed.flatMap((document) => findOperation(document)?.selectionSet.selections ?? []),
        },
      },
      ...renamed.flatMap(({ definitions }) =>
        definitions.filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION),
      ),
    ],
  };
  return {
    operation: stripIgnoredCharacters(print(joined)),
    operationName: nodes[0]?.operationName,
    variables: [...new Set(nodes.flatMap(({ variables: used }) => used))],
    members,
  };
}

type Member = BatchOperation['members'][number];

const findOperation = ({ definitions }: DocumentNode): OperationDefinitionNode | undefined =>
  definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);

/** The operation of a document, if it is a query for nothing but entities. */
function findEntityOperation(document: DocumentNode): OperationDefinitionNode | undefined {
  const operation = findOperation(document);
  if (operation?.operation !== 'query') return undefined;
  const {
    selectionSet: {
      selections: [field, ...others],
    },
    variableDefinitions = [],
  } = operation;
  const isForEntities = field?.kind === Kind.FIELD && field.name.value === entitiesField && others.length === 0;
  const hasVariable = variableDefinitions.some(({ variable }) => variable.name.value === representations);
  return isForEntities && hasVariable ? operation : undefined;
}

function rename(document: DocumentNode, { alias, variable }: Member, index: number): DocumentNode {
  const toFragmentName = (name: string): string => `${name}_${index}`;
  return visitNodes(document, {
    // The one at the root: no object has a field of this name.
    Field: (node) => (node.name.value === entitiesField ? { ...node, alias: toName(alias) } : undefined),
    Variable: (node) => (node.name.value === representations ? { ...node, name: toName(variable) } : undefined),
    FragmentSpread: (node) => ({ ...node, name: toName(toFragmentName(node.name.value)) }),
    FragmentDefinition: (node) => ({ ...node, name: toName(toFragmentName(node.name.value)) }),
  });
}

const toName = (value: string) => ({ kind: Kind.NAME, value }) as const;

const printDirectives = ({ directives = [] }: OperationDefinitionNode): string => directives.map(print).join(' ');

/** A name that no variable has. */
function findUnused(name: string, used: ReadonlyMap<string, unknown>): string {
  let unused = name;
  while (used.has(unused)) unused += '_';
  return unused;
}
