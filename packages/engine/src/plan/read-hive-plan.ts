import {
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from 'graphql';
import { getResponseName, indexFragments } from '../documents.ts';
import { visitNodes } from '../visit-nodes.ts';
import {
  everyNestedItem,
  type FetchNode,
  type PathStep,
  type PlanNode,
  type RequiredSelection,
  type Rewrite,
  type RewriteStep,
} from './plan.ts';

/** A plan of `@graphql-hive/router-query-planner`, as JSON. Members that are not listed do not matter for execution. */
export interface HivePlan {
  readonly kind: 'QueryPlan';
  readonly node?: HiveNode | null | undefined;
}

export type HiveNode =
  | { readonly kind: 'Sequence' | 'Parallel'; readonly nodes: readonly HiveNode[] }
  | { readonly kind: 'Flatten'; readonly path: HivePath; readonly node: HiveNode }
  | {
      readonly kind: 'Condition';
      readonly condition: string;
      readonly ifClause?: HiveNode | null;
      readonly elseClause?: HiveNode | null;
    }
  | HiveFetch
  | HiveBatch
  | { readonly kind: 'Defer' | 'Subscription' };

/** The members that both kinds of calls have. */
interface HiveCall {
  readonly serviceName: string;
  readonly operation: string;
  readonly operationKind?: string;
  readonly operationName?: string;
  readonly variableUsages?: readonly string[];
}

interface HiveFetch extends HiveCall, HiveInput {
  readonly kind: 'Fetch';
}

interface HiveBatch extends HiveCall {
  readonly kind: 'BatchFetch';
  readonly entityBatch: { readonly aliases: readonly HiveAlias[] };
}

/** One field of a batch that finds entities. Its entities belong to all the paths. */
interface HiveAlias extends HiveInput {
  readonly alias: string;
  readonly representationsVariableName: string;
  readonly paths: readonly HivePath[];
}

interface HiveInput {
  readonly requires?: readonly HiveSelection[];
  readonly inputRewrites?: readonly HiveRewrite[];
  readonly outputRewrites?: readonly HiveRewrite[];
}

type HivePath = readonly ({ readonly Field: string } | { readonly TypeCondition: readonly string[] } | '@')[];

type HiveSelection =
  | {
      readonly kind: 'Field';
      /** The name in the data. */
      readonly name: string;
      /** The name in the representation. */
      readonly alias?: string;
      readonly selections?: readonly HiveSelection[];
    }
  | {
      readonly kind: 'InlineFragment';
      readonly typeCondition: string;
      readonly selections: readonly HiveSelection[];
    }
  | { readonly kind: 'FragmentSpread' };

interface HiveSetter {
  readonly path: readonly HiveRewriteStep[];
  readonly setValueTo: unknown;
}

type HiveRewrite =
  | { readonly ValueSetter: HiveSetter }
  | { readonly KeyRenamer: { readonly path: readonly HiveRewriteStep[]; readonly renameKeyTo: string } }
  | ({ readonly kind: 'ValueSetter' } & HiveSetter);

type HiveRewriteStep = { readonly Key: string } | { readonly TypenameEquals: readonly string[] };

/** The variable in which an operation that is not in a batch takes the representations of entities. */
const representations = 'representations';

/**
 * Translates a plan of Hive's planner.
 *
 * A batch, which asks for entities of several places in one call, becomes one call for each place. They run at the same time.
 *
 * @returns undefined for a plan without steps
 * @throws Error for a step that cannot be executed: of `@defer`, or of a subscription
 */
export function readHivePlan({ node }: HivePlan): PlanNode | undefined {
  return node == null ? undefined : readNode(node, []);
}

function readNode(node: HiveNode, path: readonly PathStep[]): PlanNode {
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', nodes: node.nodes.map((child) => readNode(child, path)) };
    case 'Parallel':
      return { kind: 'parallel', nodes: node.nodes.map((child) => readNode(child, path)) };
    case 'Flatten':
      return readNode(node.node, [...path, ...readPath(node.path)]);
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        ifTrue: node.ifClause == null ? undefined : readNode(node.ifClause, path),
        ifFalse: node.elseClause == null ? undefined : readNode(node.elseClause, path),
      };
    case 'Fetch':
      return createFetch(node, node, path);
    case 'BatchFetch':
      return readBatch(node, path);
    default:
      throw new Error(`A plan with a step of the kind ${node.kind} cannot be executed.`);
  }
}

function createFetch(call: HiveCall, input: HiveInput, path: readonly PathStep[]): FetchNode {
  const { requires = [], inputRewrites = [], outputRewrites = [] } = input;
  return {
    kind: 'fetch',
    service: call.serviceName,
    operationKind: call.operationKind === 'mutation' ? 'mutation' : 'query',
    operation: call.operation,
    operationName: call.operationName,
    variables: (call.variableUsages ?? []).filter((name) => name !== representations),
    path,
    requires: requires.length === 0 ? undefined : requires.map(readSelection),
    inputRewrites: inputRewrites.flatMap(readRewrite),
    outputRewrites: outputRewrites.flatMap(readRewrite),
  };
}

function readBatch(node: HiveBatch, path: readonly PathStep[]): PlanNode {
  const document = parse(node.operation, { noLocation: true });
  const nodes = node.entityBatch.aliases.flatMap((part) => {
    const call = { ...node, ...takePart(document, part) };
    return part.paths.map((place) => createFetch(call, part, [...path, ...readPath(place)]));
  });
  return { kind: 'parallel', nodes };
}

/** The operation of one field of a batch. */
function takePart(
  document: DocumentNode,
  { alias, representationsVariableName }: HiveAlias,
): Pick<HiveCall, 'operation' | 'variableUsages'> {
  const fragments = indexFragments(document);
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const isPart = (node: ASTNode): node is FieldNode => node.kind === Kind.FIELD && getResponseName(node) === alias;
  const field = operation?.selectionSet.selections.find(isPart);
  if (operation === undefined || field === undefined) throw new Error(`A batch does not have its field "${alias}".`);
  const variables = new Set<string>();
  const used = new Set<FieldNode | FragmentDefinitionNode>([field]);
  // A set also visits what is added meanwhile.
  for (const part of used)
    visitNodes(part, {
      Variable: ({ name }) => void variables.add(name.value),
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment !== undefined) used.add(fragment);
      },
    });
  const { alias: _alias, ...rest } = field;
  const [, ...usedFragments] = used;
  const part: OperationDefinitionNode = {
    ...operation,
    variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) =>
      variables.has(variable.name.value),
    ),
    selectionSet: { ...operation.selectionSet, selections: [rest] },
  };
  const definitions = [part, ...(usedFragments as FragmentDefinitionNode[])];
  const renamed = visitNodes(
    { kind: Kind.DOCUMENT, definitions },
    {
      Variable: (variable) =>
        variable.name.value === representationsVariableName
          ? { ...variable, name: { ...variable.name, value: representations } }
          : undefined,
    },
  );
  variables.delete(representationsVariableName);
  return { operation: stripIgnoredCharacters(print(renamed)), variableUsages: [...variables] };
}

const readPath = (path: HivePath): readonly PathStep[] =>
  path.map((step) => (step === '@' ? everyNestedItem : 'Field' in step ? step.Field : { types: step.TypeCondition }));

function readSelection(selection: HiveSelection): RequiredSelection {
  switch (selection.kind) {
    case 'Field':
      return {
        kind: 'field',
        source: selection.name,
        name: selection.alias ?? selection.name,
        selections: selection.selections?.length ? selection.selections.map(readSelection) : undefined,
      };
    case 'InlineFragment':
      return {
        kind: 'fragment',
        typeCondition: selection.typeCondition,
        selections: selection.selections.map(readSelection),
      };
    default:
      throw new Error('A plan whose representations have fragments cannot be executed.');
  }
}

/** A condition on several types becomes one change for each type: a step has one. */
function readRewrite(rewrite: HiveRewrite): Rewrite[] {
  if ('KeyRenamer' in rewrite) {
    const { path, renameKeyTo } = rewrite.KeyRenamer;
    return listPaths(path).map((steps) => ({ kind: 'rename', path: steps, name: renameKeyTo }));
  }
  const { path, setValueTo } = 'ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite;
  return listPaths(path).map((steps) => ({ kind: 'set', path: steps, value: setValueTo }));
}

function listPaths(path: readonly HiveRewriteStep[]): readonly (readonly RewriteStep[])[] {
  return path.reduce<readonly (readonly RewriteStep[])[]>(
    (paths, step) =>
      'Key' in step
        ? paths.map((steps) => [...steps, { field: step.Key }])
        : paths.flatMap((steps) => step.TypenameEquals.map((type) => [...steps, { type }])),
    [[]],
  );
}
