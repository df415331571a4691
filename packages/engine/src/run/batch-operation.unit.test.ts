import type { FetchNode } from '../plan/plan.ts';
import { joinOperations } from './batch-operation.ts';

const fetch = (operation: string, changes: Partial<FetchNode> = {}): FetchNode => ({
  kind: 'fetch',
  service: 'b',
  operationKind: 'query',
  operation,
  operationName: undefined,
  variables: [],
  path: [],
  requires: [],
  inputRewrites: [],
  outputRewrites: [],
  ...changes,
});

const name = 'query($representations:[_Any!]!){_entities(representations:$representations){...on P{name}}}';
const stock =
  'query Shop__b__2($representations:[_Any!]!,$first:Int){_entities(representations:$representations){...F}}' +
  'fragment F on P{stock(first:$first)}';

test('each call gets an alias, a variable and fragments of its own, and other variables are shared', () => {
  const joined = joinOperations([
    fetch(stock, { operationName: 'Shop__b__2', variables: ['first'] }),
    fetch(stock, { operationName: 'Shop__b__3', variables: ['first'] }),
    fetch(name),
  ]);
  expect(joined).toEqual({
    operation:
      'query Shop__b__2($representations_0:[_Any!]!$representations_1:[_Any!]!$representations_2:[_Any!]!$first:Int)' +
      '{_entities_0:_entities(representations:$representations_0){...F_0}' +
      '_entities_1:_entities(representations:$representations_1){...F_1}' +
      '_entities_2:_entities(representations:$representations_2){...on P{name}}}' +
      'fragment F_0 on P{stock(first:$first)}fragment F_1 on P{stock(first:$first)}',
    operationName: 'Shop__b__2',
    variables: ['first'],
    members: [0, 1, 2].map((index) => ({ alias: `_entities_${index}`, variable: `representations_${index}` })),
  });
});

test('a variable of a client keeps its name', () => {
  const taken = name
    .replace('{...on P{name}}', '{...on P{name(n:$representations_1)}}')
    .replace(')', ',$representations_1:Int)');
  const joined = joinOperations([fetch(name), fetch(taken)]);
  expect(joined?.members[1]?.variable).toBe('representations_1_');
  expect(joined?.operation).toContain('name(n:$representations_1)');
});

test.each([
  ['a variable has two types', stock, stock.replace('$first:Int', '$first:Int!')],
  ['directives differ', name, name.replace('{', '@live{')],
  ['one is not for entities alone', name, '{p{name}}'],
  ['one has more fields', name, name.replace(/}$/, ' __typename}')],
])('calls are not joined when %s', (_reason, first, second) => {
  expect(joinOperations([fetch(first), fetch(second)])).toBeUndefined();
});
