import {
  buildSchema,
  Kind,
  parse,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type ASTVisitor,
  type FieldNode,
} from 'graphql';
import { countNodes } from './memory.ts';
import { nodeMembers, visitNodes, type NodeVisitor } from './visit-nodes.ts';

const document = parse(`
  query All($id: ID! = 1 @d(a: [1, 2.5, null]), $filter: [Filter!]) @d {
    a: thing(id: $id, filter: { text: "x", nested: { flag: true }, list: [RED, $id] }) @skip(if: true) {
      id
      ... on Thing @include(if: $on) { name { deep } }
      ...F @d
    }
    empty { gone }
  }
  fragment F on Thing { id other { id } }
  mutation { write }
`);

/** Nodes of all kinds of a document, each with the type of the field that it stands in. */
function listVisited(walk: (visitor: Record<string, unknown>, types: TypeInfo) => unknown): readonly string[] {
  const schema = buildSchema(`
    type Query { thing(id: ID, filter: Filter): Thing, empty: Thing }
    type Thing { id: ID, name: Thing, deep: Int, other: Thing, gone: Int }
    type Mutation { write: Int }
    input Filter { text: String, nested: Filter, list: [ID] }
  `);
  const types = new TypeInfo(schema);
  const visited: string[] = [];
  const note = (step: string) => (node: ASTNode) =>
    void visited.push(
      [step, node.kind, types.getParentType(), types.getFieldDef()?.name, types.getInputType(), types.getType()].join(),
    );
  const visitor = Object.keys(nodeMembers).map((kind) => [kind, { enter: note('enter'), leave: note('leave') }]);
  walk(Object.fromEntries(visitor) as Record<string, unknown>, types);
  return visited;
}

test('the same nodes are visited in the same order, with the same types', () => {
  const expected = listVisited((visitor, types) => visit(document, visitWithTypeInfo(types, visitor as ASTVisitor)));
  const visited = listVisited((visitor, types) => visitNodes(document, visitor as NodeVisitor, types));
  expect(visited).toEqual(expected);
  const kinds = new Set(visited.map((step) => step.split(',')[1]));
  expect([...kinds].toSorted()).toEqual(Object.keys(nodeMembers).toSorted());
});

test('below a node that takes the place of another one, the types are its own', () => {
  const schema = buildSchema('type Query { a: A, b: B } type A { x: Int } type B { x: String }');
  const types = new TypeInfo(schema);
  const seen: string[] = [];
  const visitor: NodeVisitor = {
    Field({ name, ...rest }) {
      seen.push(`${name.value}: ${String(types.getType())}`);
      return name.value === 'a' ? { ...rest, name: { ...name, value: 'b' } } : undefined;
    },
  };
  const operation = parse('{ a { x } b { x } }');
  visit(operation, visitWithTypeInfo(types, visitor as ASTVisitor));
  const expected = seen.splice(0);
  visitNodes(operation, visitor, types);
  expect(seen).toEqual(expected);
  expect(seen).toEqual(['a: A', 'x: String', 'b: B', 'x: String']);
});

const rename = (field: FieldNode): FieldNode => ({
  ...field,
  alias: { kind: Kind.NAME, value: `x_${field.name.value}` },
});

const visitors: [string, NodeVisitor][] = [
  ['changes nothing', { Field: () => undefined }],
  [
    'changes nodes and what is below the new ones',
    { Field: rename, Argument: (node) => ({ ...node, value: node.value }) },
  ],
  ['removes nodes', { Field: ({ name }) => (name.value === 'id' ? null : undefined), Directive: () => null }],
  ['leaves out what is below', { Field: ({ name }) => (name.value === 'thing' ? false : null), Directive: () => null }],
  [
    'changes what was changed below',
    {
      Field: ({ name }) => (name.value === 'gone' ? null : undefined),
      SelectionSet: {
        leave: (set) =>
          set.selections.length === 0
            ? { ...set, selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'kept' } }] }
            : undefined,
      },
    },
  ],
  [
    'removes when it leaves',
    { OperationDefinition: { leave: ({ operation }) => (operation === 'mutation' ? null : undefined) } },
  ],
  [
    'enters and leaves',
    { Field: { enter: rename, leave: ({ alias }) => (alias?.value === 'x_id' ? null : undefined) } },
  ],
];

test.each(visitors)('a visitor that %s has the same result', (_name, visitor) => {
  expect(print(visitNodes(document, visitor))).toBe(print(visit(document, visitor as ASTVisitor)));
});

test('a document that was not changed is the same object', () => {
  expect(visitNodes(document, { Field: (node) => node, Directive: () => undefined })).toBe(document);
});

test('what is not changed is shared with the document before', () => {
  const changed = visitNodes(document, { Field: ({ name }) => (name.value === 'write' ? null : undefined) });
  expect(changed.definitions[0]).toBe(document.definitions[0]);
  expect(changed.definitions[2]).not.toBe(document.definitions[2]);
});

test('all nodes are counted, names included', () => {
  let nodes = 0;
  visit(document, { enter: () => void (nodes += 1) });
  expect(countNodes(document)).toBe(nodes);
});
