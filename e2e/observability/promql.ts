import { parser } from '@prometheus-io/lezer-promql';

type Node = ReturnType<typeof parser.parse>['topNode'];

/** A metric that an expression reads, with the labels that it needs: those of its matchers, and those of the clauses around it. */
export interface UsedMetric {
  readonly name: string;
  readonly matchers: readonly string[];
}

/** The metrics and labels that an expression of PromQL uses. */
export interface Expression {
  readonly metrics: readonly UsedMetric[];
  /** The labels of each `by`, with the metrics below it. */
  readonly groupings: readonly { readonly labels: readonly string[]; readonly metrics: readonly string[] }[];
}

/** Reads an expression. @throws Error when it is not PromQL, or uses a part of it that the check does not know */
export function readExpression(text: string): Expression {
  const find = (node: Node, name: string): Node[] => [
    ...(node.name === name ? [node] : []),
    ...children(node).flatMap((child) => find(child, name)),
  ];
  const textOf = ({ from, to }: Node): string => text.slice(from, to);
  const texts = (nodes: readonly Node[]): string[] => nodes.map(textOf);

  const root = parser.parse(text).topNode;
  const wrong = find(root, '⚠')[0];
  if (wrong !== undefined)
    throw new Error(`This is not PromQL from ${JSON.stringify(text.slice(wrong.from, wrong.from + 20))} on: ${text}`);
  for (const unknown of ['Without', 'Ignoring', 'QuotedLabelMatcher', 'QuotedLabelName'])
    if (find(root, unknown).length > 0) throw new Error(`The check does not know ${unknown}: ${text}`);
  const selectors = (node: Node): UsedMetric[] =>
    find(node, 'VectorSelector').map((selector) => {
      const [name = ''] = texts(find(selector, 'Identifier'));
      if (name === '') throw new Error(`A selector has no name: ${text}`);
      return { name, matchers: texts(find(selector, 'LabelName')) };
    });
  return {
    metrics: selectors(root),
    groupings: [...find(root, 'AggregateExpr'), ...find(root, 'BinaryExpr')].flatMap((node) =>
      children(node)
        .filter(({ name }) => name === 'AggregateModifier' || name === 'MatchingModifierClause')
        .map((clause) => ({
          labels: texts(find(clause, 'LabelName')),
          metrics: selectors(node).map(({ name }) => name),
        })),
    ),
  };
}

function children(node: Node): Node[] {
  const found: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
}
