import {
  everyItem,
  type FetchNode,
  type PathStep,
  type PlanNode,
  type RequiredSelection,
  type Rewrite,
} from './plan.ts';

/** A plan of `@apollo/query-planner`, as JSON. Members that are not listed do not matter for execution. */
export interface ApolloPlan {
  readonly kind: 'QueryPlan';
  readonly node?: ApolloNode | undefined;
}

export type ApolloNode =
  | { readonly kind: 'Sequence' | 'Parallel'; readonly nodes: readonly ApolloNode[] }
  | { readonly kind: 'Flatten'; readonly path: readonly (string | number)[]; readonly node: ApolloNode }
  | {
      readonly kind: 'Condition';
      readonly condition: string;
      readonly ifClause?: ApolloNode;
      readonly elseClause?: ApolloNode;
    }
  | ApolloFetch
  | { readonly kind: 'Defer' | 'Subscription' };

interface ApolloFetch {
  readonly kind: 'Fetch';
  readonly serviceName: string;
  readonly operation: string;
  readonly operationKind: string;
  readonly operationName?: string;
  readonly variableUsages?: readonly string[];
  readonly requires?: readonly ApolloSelection[];
  readonly inputRewrites?: readonly ApolloRewrite[];
  readonly outputRewrites?: readonly ApolloRewrite[];
  readonly contextRewrites?: readonly unknown[];
}

type ApolloSelection =
  | {
      readonly kind: 'Field';
      readonly name: string;
      readonly alias?: string;
      readonly selections?: readonly ApolloSelection[];
    }
  | {
      readonly kind: 'InlineFragment';
      readonly typeCondition?: string;
      readonly selections: readonly ApolloSelection[];
    };

type ApolloRewrite =
  | { readonly kind: 'ValueSetter'; readonly path: readonly string[]; readonly setValueTo: unknown }
  | { readonly kind: 'KeyRenamer'; readonly path: readonly string[]; readonly renameKeyTo: string };

/** The variable in which a planner's operations take the representations of entities. */
const representations = 'representations';

/**
 * Translates a plan of `@apollo/query-planner`.
 *
 * @returns undefined for a plan without steps
 * @throws Error for a step that cannot be executed: of `@defer`, of a subscription, of `@fromContext`
 */
export function readApolloPlan({ node }: ApolloPlan): PlanNode | undefined {
  return node === undefined ? undefined : readNode(node, []);
}

function readNode(node: ApolloNode, path: readonly PathStep[]): PlanNode {
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', nodes: node.nodes.map((child) => readNode(child, path)) };
    case 'Parallel':
      return { kind: 'parallel', nodes: node.nodes.map((child) => readNode(child, path)) };
    case 'Flatten':
      return readNode(node.node, [...path, ...node.path.map(readStep)]);
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        ifTrue: node.ifClause && readNode(node.ifClause, path),
        ifFalse: node.elseClause && readNode(node.elseClause, path),
      };
    case 'Fetch':
      return readFetch(node, path);
    default:
      throw new Error(`A plan with a step of the kind ${node.kind} cannot be executed.`);
  }
}

function readFetch(node: ApolloFetch, path: readonly PathStep[]): FetchNode {
  if ((node.contextRewrites ?? []).length > 0) throw new Error('A plan with @fromContext cannot be executed.');
  return {
    kind: 'fetch',
    service: node.serviceName,
    operationKind: node.operationKind === 'mutation' ? 'mutation' : 'query',
    operation: node.operation,
    operationName: node.operationName,
    variables: (node.variableUsages ?? []).filter((name) => name !== representations),
    path,
    requires: node.requires === undefined || node.requires.length === 0 ? undefined : node.requires.map(readSelection),
    inputRewrites: (node.inputRewrites ?? []).map(readRewrite),
    outputRewrites: (node.outputRewrites ?? []).map(readRewrite),
  };
}

const readStep = (step: string | number): PathStep => (step === '@' ? everyItem : String(step));

function readSelection(selection: ApolloSelection): RequiredSelection {
  if (selection.kind === 'InlineFragment')
    return {
      kind: 'fragment',
      typeCondition: selection.typeCondition,
      selections: selection.selections.map(readSelection),
    };
  const name = selection.alias ?? selection.name;
  return { kind: 'field', source: name, name, selections: selection.selections?.map(readSelection) };
}

const typeStep = '... on ';

function readRewrite(rewrite: ApolloRewrite): Rewrite {
  const path = rewrite.path.map((step) =>
    step.startsWith(typeStep) ? { type: step.slice(typeStep.length) } : { field: step },
  );
  return rewrite.kind === 'ValueSetter'
    ? { kind: 'set', path, value: rewrite.setValueTo }
    : { kind: 'rename', path, name: rewrite.renameKeyTo };
}
