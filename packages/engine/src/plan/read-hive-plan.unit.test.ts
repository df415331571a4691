import { everyNestedItem } from './plan.ts';
import { readHivePlan, type HiveNode } from './read-hive-plan.ts';

const read = (node: HiveNode | null) => readHivePlan({ kind: 'QueryPlan', node });
const fetch = { kind: 'Fetch', serviceName: 'a', operationKind: 'query', operation: '{x}' } as const;
const key = [
  {
    kind: 'InlineFragment',
    typeCondition: 'P',
    selections: [
      { kind: 'Field', name: '__typename' },
      { kind: 'Field', name: 'inner', selections: [{ kind: 'Field', name: 'id' }] },
      { kind: 'Field', name: 'internal_0', alias: 'price' },
    ],
  },
] as const;
const required = [
  {
    kind: 'fragment',
    typeCondition: 'P',
    selections: [
      { kind: 'field', source: '__typename', name: '__typename', selections: undefined },
      {
        kind: 'field',
        source: 'inner',
        name: 'inner',
        selections: [{ kind: 'field', source: 'id', name: 'id', selections: undefined }],
      },
      { kind: 'field', source: 'internal_0', name: 'price', selections: undefined },
    ],
  },
];

test('a plan without steps is none', () => {
  expect(read(null)).toBeUndefined();
  expect(readHivePlan({ kind: 'QueryPlan' })).toBeUndefined();
});

test('steps, paths and conditions are translated', () => {
  const entity = { ...fetch, requires: key, variableUsages: ['n', 'representations'] };
  const path = [{ Field: 'us' }, '@', { TypeCondition: ['P', 'Q'] }, { Field: 'p' }] as const;
  expect(
    read({
      kind: 'Sequence',
      nodes: [
        fetch,
        { kind: 'Condition', condition: 's', ifClause: null, elseClause: { kind: 'Flatten', path, node: entity } },
      ],
    }),
  ).toMatchObject({
    kind: 'sequence',
    nodes: [
      { kind: 'fetch', service: 'a', operationKind: 'query', path: [], requires: undefined, variables: [] },
      {
        kind: 'condition',
        variable: 's',
        ifTrue: undefined,
        ifFalse: { path: ['us', everyNestedItem, { types: ['P', 'Q'] }, 'p'], requires: required, variables: ['n'] },
      },
    ],
  });
});

test('a change for several types becomes one for each', () => {
  const inputRewrites = [
    { ValueSetter: { path: [{ TypenameEquals: ['A', 'B'] }, { Key: '__typename' }], setValueTo: 'I' } },
    { kind: 'ValueSetter', path: [{ Key: 'x' }], setValueTo: 1 },
  ] as const;
  const outputRewrites = [
    { KeyRenamer: { path: [{ Key: 'l' }, { TypenameEquals: ['A'] }, { Key: 'x_0' }], renameKeyTo: 'x' } },
  ] as const;
  expect(read({ ...fetch, inputRewrites, outputRewrites })).toMatchObject({
    inputRewrites: [
      { kind: 'set', path: [{ type: 'A' }, { field: '__typename' }], value: 'I' },
      { kind: 'set', path: [{ type: 'B' }, { field: '__typename' }], value: 'I' },
      { kind: 'set', path: [{ field: 'x' }], value: 1 },
    ],
    outputRewrites: [{ kind: 'rename', path: [{ field: 'l' }, { type: 'A' }, { field: 'x_0' }], name: 'x' }],
  });
});

test('a batch becomes one call for each place, with its part of the operation', () => {
  const operation =
    'query($r0:[_Any!]!,$r1:[_Any!]!,$n:Int,$m:Int){_e0: _entities(representations: $r0){...on P{...a}} ' +
    '_e1: _entities(representations: $r1){...on Q{z(m: $m)}}} fragment a on P{y(n: $n) ...b} fragment b on P{id} ' +
    'fragment c on Q{id}';
  const aliases = [
    {
      alias: '_e0',
      representationsVariableName: 'r0',
      paths: [[{ Field: 'p' }], [{ Field: 'ps' }, '@' as const]],
      requires: key,
    },
    { alias: '_e1', representationsVariableName: 'r1', paths: [[{ Field: 'q' }]], requires: key },
  ];
  const node = { ...fetch, kind: 'BatchFetch', operation, entityBatch: { aliases } } as const;
  const first =
    'query($representations:[_Any!]!$n:Int){_entities(representations:$representations){...on P{...a}}}' +
    'fragment a on P{y(n:$n)...b}fragment b on P{id}';
  const second =
    'query($representations:[_Any!]!$m:Int){_entities(representations:$representations){...on Q{z(m:$m)}}}';
  expect(read({ kind: 'Flatten', path: [{ Field: 'top' }], node })).toMatchObject({
    kind: 'parallel',
    nodes: [
      { operation: first, path: ['top', 'p'], variables: ['n'], requires: required },
      { operation: first, path: ['top', 'ps', everyNestedItem], variables: ['n'] },
      { operation: second, path: ['top', 'q'], variables: ['m'] },
    ],
  });
  expect(() => read({ ...node, operation: '{x}' })).toThrow('A batch does not have its field "_e0".');
});

test.each(['Defer', 'Subscription'] as const)('a step of the kind %s is refused', (kind) => {
  expect(() => read({ kind })).toThrow(`A plan with a step of the kind ${kind} cannot be executed.`);
});
