import { createGraph, type Call } from '../test/graph.ts';
import { runCases } from './test/run-cases.ts';

const nodes: Record<string, unknown> = {
  i: '1',
  f: 'x',
  s: 5,
  b: 1,
  id: 7,
  big: 3_000_000_000,
  half: 1.5,
  bad: 'NO',
  good: 'LOW',
  hidden: 'SECRET',
  must: 'NO',
  json: { __typename: 'Nothing', list: [1, { a: null }], text: '"' },
  numbers: [1e21, -0, 1e-7, 0.1],
  text: '\ud800 \u2028 "\\ \u0001 é',
};

describe('leaves', () => {
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { v: V } enum E { LOW HIGH SECRET @inaccessible } scalar JSON
            type V { i: Int f: Float s: String b: Boolean id: ID big: Int half: Int bad: E good: E hidden: E must: E! json: JSON
              numbers: [Float] text: String le: [E!] lj: [JSON] }`,
          answer: () => ({ data: { v: { ...nodes, le: ['LOW', 'NO'], lj: [null, 5, 'x', [], {}] } } }),
        },
      }),
    [
      {
        title: 'T20: scalars of the wrong type',
        operation: '{ v { i f s b } }',
        data: { v: { i: null, f: null, s: null, b: null } },
        errors: [
          'v.i: The answer has no Int at V.i.',
          'v.f: The answer has no Float at V.f.',
          'v.s: The answer has no String at V.s.',
          'v.b: The answer has no Boolean at V.b.',
        ],
      },
      { title: 'T20: a number as ID', operation: '{ v { id } }', data: { v: { id: 7 } } },
      {
        title: 'T20: integers that are none',
        operation: '{ v { big half } }',
        data: { v: { big: null, half: null } },
        errors: ['v.big: The answer has no Int at V.big.', 'v.half: The answer has no Int at V.half.'],
      },
      {
        title: 'T20: enums',
        operation: '{ v { bad good hidden } }',
        data: { v: { bad: null, good: 'LOW', hidden: null } },
        errors: ['v.bad: The answer has no E at V.bad.', 'v.hidden: The answer has no E at V.hidden.'],
      },
      {
        title: 'T20: a required enum',
        operation: '{ v { good must } }',
        data: { v: null },
        errors: ['v.must: The answer has no E at V.must.'],
      },
      {
        title: 'T20: a list of required enums',
        operation: '{ v { le } }',
        data: { v: { le: null } },
        errors: ['v.le.1: The answer has no E at V.le.'],
      },
      {
        title: 'T20: a custom scalar stays as it is',
        operation: '{ v { json lj } }',
        data: { v: { json: nodes['json'], lj: [null, 5, 'x', [], {}] } },
      },
      {
        title: 'T27: numbers and texts',
        operation: '{ v { numbers text } }',
        data: { v: { numbers: nodes['numbers'], text: nodes['text'] } },
      },
    ],
  );
});

describe('objects and lists', () => {
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { o: O l: [O] items: [O] musts: [O!] ll: [[O]] leaf: Int leaves: [Int] i: I u: U
                   unknown: I none: I wrong: T must: O! }
            type O { x: Int } interface I { x: Int } type T implements I { x: Int t: Int } type Hidden implements I @inaccessible { x: Int }
            union U = T | O`,
          answer: () => ({
            data: {
              o: 5,
              l: { x: 1 },
              items: [5, { x: 1 }, 'a', []],
              musts: [{ x: 1 }, 6],
              ll: [[{ x: 1 }], { x: 2 }, [[]]],
              leaf: { a: 1 },
              leaves: [1, [2], {}, null],
              i: { __typename: 'Hidden', x: 1 },
              u: { __typename: 'Strange', x: 1 },
              unknown: { __typename: 5, x: 1 },
              none: { x: 3, t: 4 },
              wrong: { __typename: 'O', x: 1 },
              must: [],
            },
          }),
        },
      }),
    [
      {
        title: 'T21: a number for an object',
        operation: '{ leaf: leaves o { x } }',
        data: { leaf: null, o: null },
        errors: ['leaf: The answer has no list at Query.leaves.', 'o: The answer has no object at Query.o.'],
      },
      {
        title: 'T21: an object for a list',
        operation: '{ l { x } }',
        data: { l: null },
        errors: ['l: The answer has no list at Query.l.'],
      },
      {
        title: 'T21: wrong items',
        operation: '{ items { x } }',
        data: { items: [null, { x: 1 }, null, null] },
        errors: [0, 2, 3].map((index) => `items.${index}: The answer has no object at Query.items.`),
      },
      {
        title: 'T21: a wrong required item',
        operation: '{ musts { x } items { x } }',
        data: { musts: null, items: [null, { x: 1 }, null, null] },
        errors: [
          'musts.1: The answer has no object at Query.musts.',
          ...[0, 2, 3].map((index) => `items.${index}: The answer has no object at Query.items.`),
        ],
      },
      {
        title: 'T21: wrong lists of lists',
        operation: '{ ll { x } }',
        data: { ll: [[{ x: 1 }], null, [null]] },
        errors: ['ll.1: The answer has no list at Query.ll.', 'll.2.0: The answer has no object at Query.ll.'],
      },
      {
        title: 'T21: an object for a leaf',
        operation: '{ leaf leaves }',
        data: { leaf: null, leaves: [1, null, null, null] },
        errors: [
          'leaf: The answer has no Int at Query.leaf.',
          'leaves.1: The answer has no Int at Query.leaves.',
          'leaves.2: The answer has no Int at Query.leaves.',
        ],
      },
      {
        title: 'T21: a required object',
        operation: '{ none { x } must { x } }',
        data: null,
        errors: ['must: The answer has no object at Query.must.'],
      },
      {
        title: 'T21: a type that clients do not see',
        operation: '{ i { x } }',
        data: { i: null },
        errors: ['i: The answer has an object of another type at Query.i.'],
      },
      {
        title: 'T21: an unknown type',
        operation: '{ u { ... on T { x } } unknown { x } }',
        data: { u: null, unknown: null },
        errors: [
          'u: The answer has an object of another type at Query.u.',
          'unknown: The answer has an object of another type at Query.unknown.',
        ],
      },
      {
        title: 'T21: no type at an abstract place',
        operation: '{ none { x ... on T { t } } }',
        data: { none: { x: 3 } },
      },
    ],
  );
});

describe('answers of entity calls', () => {
  const wrong: Record<string, unknown> = {
    short: [{ s: 1 }],
    long: [{ s: 1 }, { s: 2 }, { s: 3 }],
    object: { 0: { s: 1 }, 1: { s: 2 } },
    text: ['x', { s: 2 }],
    list: [[], { s: 2 }],
    nothing: undefined,
    null: null,
    full: [{ s: 1 }, { s: 2 }],
  };
  const answer = ({ query }: Call) => {
    const name = Object.keys(wrong).find((key) => query.includes(`f_${key}`)) ?? '';
    const entities = wrong[name];
    const rename = (entity: unknown) =>
      typeof entity === 'object' && entity !== null && !Array.isArray(entity) && 's' in entity
        ? { [`f_${name}`]: entity.s }
        : entity;
    return { data: { _entities: Array.isArray(entities) ? entities.map(rename) : entities } };
  };
  const fields = Object.keys(wrong).map((key) => `f_${key}: Int`);
  const lacking = (key: string, fault: string) => ({
    title: `T45: ${fault}`,
    operation: `{ ps { id f_${key} } }`,
    data: { ps: [1, 2].map((id) => ({ id: String(id), [`f_${key}`]: null })) },
    errors: [0, 1].map((index) => `ps.${index}.f_${key}: The b service answered: ${fault}.`),
  });
  runCases(
    () =>
      createGraph({
        a: {
          sdl: 'type Query { ps: [P] } type P @key(fields: "id") { id: ID! }',
          resolvers: { Query: { ps: () => [{ id: 1 }, { id: 2 }] } },
        },
        b: { sdl: `type P @key(fields: "id") { id: ID! ${fields.join(' ')} }`, answer },
      }),
    [
      { title: 'T45: the right number', operation: '{ ps { f_full } }', data: { ps: [{ f_full: 1 }, { f_full: 2 }] } },
      { ...lacking('short', 'not 2 entities'), title: 'T45: too few entities' },
      { ...lacking('long', 'not 2 entities'), title: 'T45: too many entities' },
      { ...lacking('object', 'not 2 entities'), title: 'T45: an object for the list of entities' },
      { ...lacking('nothing', 'not 2 entities'), title: 'T45: no entities' },
      { ...lacking('null', 'not 2 entities'), title: 'T45: null for the list of entities' },
      {
        title: 'T45: a text for an entity',
        operation: '{ ps { f_text } }',
        data: { ps: [{ f_text: null }, { f_text: 2 }] },
        errors: ['ps.0.f_text: The b service answered: no object.'],
      },
      {
        title: 'T45: a list for an entity',
        operation: '{ ps { f_list } }',
        data: { ps: [{ f_list: null }, { f_list: 2 }] },
        errors: ['ps.0.f_list: The b service answered: no object.'],
      },
    ],
  );
});
