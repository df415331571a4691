import { Kind, type ASTNode, type TypeInfo } from 'graphql';

type Nodes = readonly ASTNode[];

/** Undefined keeps a node, null removes it, and another node takes its place. */
type Change<Node> = Node | null | undefined | void;

type Visit<Node> =
  /** Called with a node before those below it. False keeps it, and leaves out those below it. */
  | ((node: Node) => Change<ASTNode> | false)
  | {
      readonly enter?: (node: Node) => Change<ASTNode> | false;
      /** Called with a node after those below it, with their changes. */
      readonly leave?: (node: Node) => Change<ASTNode>;
    };

/** Functions for nodes, by the kinds of the nodes. */
export type NodeVisitor = {
  readonly [NodeKind in Exclude<ASTNode['kind'], 'Name'>]?: Visit<Extract<ASTNode, { kind: NodeKind }>>;
};

/** The members of a node of a document with operations that are nodes or lists of nodes, but its names and descriptions. */
export const nodeMembers: Readonly<Record<string, readonly string[]>> = {
  [Kind.DOCUMENT]: ['definitions'],
  [Kind.OPERATION_DEFINITION]: ['variableDefinitions', 'directives', 'selectionSet'],
  [Kind.VARIABLE_DEFINITION]: ['variable', 'type', 'defaultValue', 'directives'],
  [Kind.FRAGMENT_DEFINITION]: ['typeCondition', 'directives', 'selectionSet'],
  [Kind.SELECTION_SET]: ['selections'],
  [Kind.FIELD]: ['arguments', 'directives', 'selectionSet'],
  [Kind.INLINE_FRAGMENT]: ['typeCondition', 'directives', 'selectionSet'],
  [Kind.FRAGMENT_SPREAD]: ['directives'],
  [Kind.DIRECTIVE]: ['arguments'],
  [Kind.ARGUMENT]: ['value'],
  [Kind.LIST]: ['values'],
  [Kind.OBJECT]: ['fields'],
  [Kind.OBJECT_FIELD]: ['value'],
  [Kind.LIST_TYPE]: ['type'],
  [Kind.NON_NULL_TYPE]: ['type'],
  [Kind.NAMED_TYPE]: [],
  [Kind.VARIABLE]: [],
  [Kind.INT]: [],
  [Kind.FLOAT]: [],
  [Kind.STRING]: [],
  [Kind.BOOLEAN]: [],
  [Kind.NULL]: [],
  [Kind.ENUM]: [],
};

/**
 * Visits the nodes of a document with operations, and changes some of them, as `visit` of graphql-js does, in a quarter of its time: no
 * names are visited, and a visitor gets the node alone.
 *
 * @param types follows the types of the nodes that are visited
 * @returns the same node when nothing was changed
 */
export function visitNodes<Node extends ASTNode>(root: Node, visitor: NodeVisitor, types?: TypeInfo): Node {
  const visited = visitNode(root, visitor as Visitor, types);
  if (visited === null) throw new Error('The root of a document cannot be removed.');
  return visited as Node;
}

type Visitor = Readonly<Record<string, Visit<ASTNode> | undefined>>;

function visitNode(node: ASTNode, visitor: Visitor, types: TypeInfo | undefined): ASTNode | null {
  const handler = visitor[node.kind];
  types?.enter(node);
  let current = node;
  const entered = typeof handler === 'function' ? handler(node) : handler?.enter?.(node);
  if (entered === false || entered === null) {
    types?.leave(node);
    return entered === null ? null : node;
  }
  if (entered !== undefined) {
    current = entered;
    types?.leave(node);
    types?.enter(current);
  }
  const visited = visitMembers(current, visitor, types);
  const left = typeof handler === 'object' ? handler.leave?.(visited) : undefined;
  types?.leave(current);
  return left === undefined ? visited : left;
}

function visitMembers(node: ASTNode, visitor: Visitor, types: TypeInfo | undefined): ASTNode {
  const members = node as unknown as Readonly<Record<string, ASTNode | Nodes | undefined>>;
  let changed: Record<string, unknown> | undefined;
  for (const name of nodeMembers[node.kind] ?? []) {
    const member = members[name];
    if (member === undefined) continue;
    const visited = isList(member) ? visitList(member, visitor, types) : visitNode(member, visitor, types);
    if (visited !== member) (changed ??= { ...node })[name] = visited;
  }
  return changed === undefined ? node : (changed as unknown as ASTNode);
}

function visitList(nodes: Nodes, visitor: Visitor, types: TypeInfo | undefined): Nodes {
  let changed: ASTNode[] | undefined;
  for (let index = 0; index < nodes.length; index += 1) {
    const node = nodes[index] as ASTNode;
    const visited = visitNode(node, visitor, types);
    if (visited !== node) changed ??= nodes.slice(0, index);
    if (visited !== null) changed?.push(visited);
  }
  return changed ?? nodes;
}

const isList = (member: ASTNode | Nodes): member is Nodes => Array.isArray(member);
