import { createGraph, type Graph, type SubgraphSource } from '../execution/test/graph.ts';

type Ask = (operation: string, variables?: Record<string, unknown>) => ReturnType<Graph['ask']>;

/** The engine must be right where the planner of Apollo is not: each graph here has one of its faults. */
function describeGraph(
  title: string,
  subgraphs: Readonly<Record<string, SubgraphSource>>,
  define: (ask: Ask) => void,
): void {
  describe(title, () => {
    let graph: Graph;
    beforeAll(() => {
      graph = createGraph(subgraphs);
    });
    define((operation, variables = {}) => graph.ask('engine', { operation, variables }));
  });
}

/** Checks data, in any order of fields, and that there are no errors. */
async function expectData(ask: Ask, query: string, data: unknown, variables?: Record<string, unknown>) {
  const answer = await ask(query, variables);
  expect({ data: JSON.parse(answer.data) as unknown, errors: answer.errors }).toEqual({ data, errors: [] });
  return answer;
}

const code = (number: number) => ({ area: `a${number}`, number: String(number), row: `r${number}` });

describeGraph(
  'keys that a subgraph does not resolve',
  {
    depots: {
      sdl: `
        type Query { crates: [Crate!]! holders: [Holder!]! }
        type Code @shareable { area: ID! number: ID! row: ID! }
        type Crate @key(fields: "code { area number }", resolvable: false) @key(fields: "id code { row }")
          @key(fields: "seal", resolvable: false) {
          id: ID! seal: ID! code: Code! weight: Int @external tag: String @requires(fields: "weight")
        }
        interface Holder { id: ID! }
        type Rack implements Holder @key(fields: "serial", resolvable: false) @key(fields: "id serial") {
          id: ID! serial: ID! load: Int @external state: String @requires(fields: "load")
        }`,
      resolvers: {
        Query: {
          crates: () => [1, 2].map((id) => ({ id: String(id), seal: `s${id}`, code: code(id) })),
          holders: () => [{ __typename: 'Rack', id: '1', serial: 'x1' }],
        },
        Crate: {
          // Without the parts of the resolvable key there is no crate.
          __resolveReference: (reference: { id?: string; code?: { row?: string } }) =>
            reference.id !== undefined && reference.code?.row !== undefined ? reference : null,
          tag: ({ id, weight }: { id: string; weight: number }) => `${id}: ${weight} kg`,
        },
        Rack: {
          __resolveReference: (reference: { id?: string; serial?: string }) =>
            reference.id !== undefined && reference.serial !== undefined ? reference : null,
          state: ({ load }: { load: number }) => (load > 5 ? 'full' : 'free'),
        },
      },
    },
    scales: {
      sdl: `
        type Code @shareable { area: ID! number: ID! row: ID! }
        type Crate @key(fields: "id") @key(fields: "code { area number }", resolvable: false) @key(fields: "seal", resolvable: false) {
          id: ID! seal: ID! code: Code! weight: Int
        }
        type Rack @key(fields: "id") @key(fields: "serial", resolvable: false) { id: ID! serial: ID! load: Int }`,
      resolvers: {
        Crate: {
          __resolveReference: ({ id }: { id?: string }) =>
            id === undefined ? null : { id, seal: `s${id}`, code: code(Number(id)), weight: Number(id) * 10 },
        },
        Rack: {
          __resolveReference: ({ id }: { id?: string }) => (id === undefined ? null : { id, serial: 'x1', load: 7 }),
        },
      },
    },
  },
  (ask) => {
    test.each<[string, unknown]>([
      ['{ crates { tag } }', { crates: [{ tag: '1: 10 kg' }, { tag: '2: 20 kg' }] }],
      [
        '{ crates { id weight tag } }',
        {
          crates: [
            { id: '1', weight: 10, tag: '1: 10 kg' },
            { id: '2', weight: 20, tag: '2: 20 kg' },
          ],
        },
      ],
      [
        '{ crates { seal: tag code: weight } }',
        { crates: [1, 2].map((n) => ({ seal: `${n}: ${n}0 kg`, code: n * 10 })) },
      ],
      ['{ holders { id ... on Rack { state load } } }', { holders: [{ id: '1', state: 'full', load: 7 }] }],
    ])('%s', async (query, data) => {
      await expectData(ask, query, data);
    });
  },
);

describeGraph(
  'fields without a way to them',
  {
    a: {
      sdl: `
        type Query { one: Node two: Wrap! three: Int }
        type Mutation { change: Node touch: Int }
        type Wrap { node: Node count: Int }
        interface Node @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: { one: () => ({ id: 'n1' }), two: () => ({ count: 1 }), three: () => 3 },
        Mutation: { change: () => ({ id: 'n1' }), touch: () => 1 },
      },
    },
    b: {
      sdl: `
        type Query { four: Node }
        type Node @key(fields: "id", resolvable: false) @interfaceObject { id: ID! size: Int }`,
      resolvers: { Query: { four: () => ({ id: 'n1', size: 8 }) } },
    },
  },
  (ask) => {
    test.each([
      ['{ one { size } }', 'one'],
      ['{ first: one { size } }', 'first'],
      ['{ three one { size } }', 'one'],
      ['query($v: Boolean = true) { one @include(if: $v) { size } }', 'one'],
      ['{ ... on Query { one { ... { size } } } __typename }', 'one'],
    ])('%s is refused', async (query, path) => {
      expect(await ask(query)).toMatchObject({
        data: 'null',
        errors: [`No service can find the field ${path} at this place. Remove it from the operation.`],
        found: [{ code: 'FIELD_UNRESOLVABLE' }],
        calls: [],
      });
    });

    test.each(['mutation { change { size } }', 'mutation { touch change { size } }'])(
      '%s is refused',
      async (query) => {
        expect(await ask(query)).toMatchObject({ data: 'null', found: [{ code: 'FIELD_UNRESOLVABLE' }], calls: [] });
      },
    );

    test.each<[string, unknown]>([
      ['{ three }', { three: 3 }],
      ['{ four { id size } }', { four: { id: 'n1', size: 8 } }],
      ['{ __typename }', { __typename: 'Query' }],
      [
        '{ kind: __typename __type(name: "Wrap") { name } __schema { queryType { name } } }',
        {
          kind: 'Query',
          __type: { name: 'Wrap' },
          __schema: { queryType: { name: 'Query' } },
        },
      ],
      ['{ three @skip(if: true) }', {}],
      ['{ __typename ... @include(if: false) { one { size } } }', { __typename: 'Query' }],
      ['query($v: Boolean = true) { three @include(if: $v) @skip(if: $v) }', {}],
      ['query($v: Boolean = true) { ... @skip(if: $v) { three @include(if: $v) } }', {}],
      ['query($v: Boolean = true) { two { count @skip(if: $v) } }', { two: {} }],
    ])('%s is answered', async (query, data) => {
      await expectData(ask, query, data);
    });
  },
);

const rates: Record<string, number> = { USD: 1, EUR: 2, GBP: 3 };
const price = ({ base }: { base: number }, { currency = 'USD', off = 0 }: { currency?: string; off?: number }) =>
  base * (rates[currency] ?? Number.NaN) - off;
const part = (id: string, base: number) => ({ __typename: 'Part', id, base });
const tool = (id: string, base: number) => ({ __typename: 'Tool', id, base });
const goods: Record<string, object> = { p1: part('p1', 10), p2: part('p2', 0), t1: tool('t1', 100) };
const refer = ({ id }: { id: string }) => goods[id];
const same = (reference: object) => reference;

describeGraph(
  'one field that is required with several sets of arguments',
  {
    stock: {
      sdl: `
        type Query { parts: [Part!]! items: [Item!]! goods: [Good!]! boxes: [Box!]! }
        union Good = Part | Tool
        interface Item { id: ID! price(currency: String! = "USD", off: Int = 0): Int label: String }
        type Part implements Item @key(fields: "id") {
          id: ID! price(currency: String! = "USD", off: Int = 0): Int label: String price__v1: String
          notes(first: Int!): [Note!]! maker: Maker
        }
        type Tool implements Item @key(fields: "id") { id: ID! price(currency: String! = "USD", off: Int = 0): Int label: String }
        type Box @key(fields: "id") { id: ID! item: Item inner: Box }
        type Note @shareable { text: String }
        type Maker { rank(year: Int!): Int }`,
      resolvers: {
        Query: {
          parts: () => [goods['p1'], goods['p2']],
          items: () => [goods['p1'], goods['t1']],
          goods: () => [goods['p1'], goods['t1']],
          boxes: () => [{ id: 'b1', item: goods['p1'], inner: { id: 'b2', item: goods['t1'] } }],
        },
        Part: {
          __resolveReference: refer,
          price,
          label: () => 'part',
          price__v1: () => 'taken',
          notes: (_: unknown, { first }: { first: number }) =>
            ['a', 'b', 'c'].slice(0, first).map((text) => ({ text })),
          maker: () => ({}),
        },
        Maker: { rank: (_: unknown, { year }: { year: number }) => year % 100 },
        Tool: { __resolveReference: refer, price, label: () => 'tool' },
        Box: { __resolveReference: ({ id }: { id: string }) => ({ id, item: goods[id === 'b1' ? 'p1' : 't1'] }) },
      },
    },
    sales: {
      sdl: `
        interface Item { id: ID! price(currency: String! = "USD", off: Int = 0): Int offer: String }
        type Part implements Item @key(fields: "id") {
          id: ID! price(currency: String! = "USD", off: Int = 0): Int @external
          notes(first: Int!): [Note!]! @external maker: Maker @external
          dollars: String @requires(fields: "price(currency: \\"USD\\")")
          euros: String @requires(fields: "price(currency: \\"EUR\\")")
          reduced: String @requires(fields: "price(off: 1, currency: \\"EUR\\")")
          reducedToo: String @requires(fields: "price(currency: \\"EUR\\", off: 1) notes(first: 1) { text }")
          standard: String @requires(fields: "price")
          times(factor: Int!): Int @requires(fields: "price(currency: \\"GBP\\")")
          brief: String @requires(fields: "notes(first: 1) { text }")
          full: String @requires(fields: "notes(first: 3) { text }")
          oldRank: Int @requires(fields: "maker { rank(year: 1990) }")
          newRank: Int @requires(fields: "maker { rank(year: 2020) } price(currency: \\"USD\\")")
          plain: String
          offer: String @requires(fields: "price(currency: \\"GBP\\")")
        }
        type Tool implements Item @key(fields: "id") {
          id: ID! price(currency: String! = "USD", off: Int = 0): Int @external
          dollars: String @requires(fields: "price(currency: \\"USD\\")")
          euros: String @requires(fields: "price(currency: \\"EUR\\")")
          offer: String @requires(fields: "price(currency: \\"EUR\\")")
        }
        type Box @key(fields: "id") {
          id: ID! item: Item @external
          cheap: String @requires(fields: "item { price(currency: \\"USD\\") }")
          dear: String @requires(fields: "item { ... on Part { price(currency: \\"EUR\\") } ... on Tool { price(currency: \\"GBP\\") } }")
        }
        type Note @shareable { text: String }
        type Maker @external { rank(year: Int!): Int }`,
      resolvers: {
        Part: {
          __resolveReference: same,
          dollars: (p: { price: number }) => `$${p.price}`,
          euros: (p: { price: number }) => `€${p.price}`,
          reduced: (p: { price: number }) => `€${p.price}`,
          reducedToo: (p: { price: number; notes: { text: string }[] }) => `€${p.price} ${p.notes.length}`,
          standard: (p: { price: number }) => String(p.price),
          times: (p: { price: number }, { factor }: { factor: number }) => p.price * factor,
          brief: (p: { notes: { text: string }[] }) => p.notes.map(({ text }) => text).join(''),
          full: (p: { notes: { text: string }[] }) => p.notes.map(({ text }) => text).join(''),
          oldRank: (p: { maker: { rank: number } }) => p.maker.rank,
          newRank: (p: { maker: { rank: number }; price: number }) => p.maker.rank + p.price,
          plain: (p: object) => Object.keys(p).toSorted().join(),
          offer: (p: { price: number }) => `£${p.price}`,
        },
        Tool: {
          __resolveReference: same,
          dollars: (p: { price: number }) => `$${p.price}`,
          euros: (p: { price: number }) => `€${p.price}`,
          offer: (p: { price: number }) => `€${p.price}`,
        },
        Box: {
          __resolveReference: same,
          cheap: (b: { item: { price: number } }) => `$${b.item.price}`,
          dear: (b: { item: { price: number } }) => String(b.item.price),
        },
      },
    },
  },
  (ask) => {
    const parts = (one: object, two: object) => ({ parts: [one, two] });

    test.each<[string, unknown]>([
      ['{ parts { dollars } }', parts({ dollars: '$10' }, { dollars: '$0' })],
      ['{ parts { euros } }', parts({ euros: '€20' }, { euros: '€0' })],
      ['{ parts { dollars euros } }', parts({ dollars: '$10', euros: '€20' }, { dollars: '$0', euros: '€0' })],
      [
        '{ parts { euros plain dollars standard reduced } }',
        parts(
          { euros: '€20', plain: '__typename,id,price', dollars: '$10', standard: '10', reduced: '€19' },
          { euros: '€0', plain: '__typename,id,price', dollars: '$0', standard: '0', reduced: '€-1' },
        ),
      ],
      [
        '{ parts { reduced reducedToo } }',
        parts({ reduced: '€19', reducedToo: '€19 1' }, { reduced: '€-1', reducedToo: '€-1 1' }),
      ],
      ['{ parts { brief full } }', parts({ brief: 'a', full: 'abc' }, { brief: 'a', full: 'abc' })],
      [
        '{ parts { notes(first: 2) { text } brief full reducedToo } }',
        parts(
          { notes: [{ text: 'a' }, { text: 'b' }], brief: 'a', full: 'abc', reducedToo: '€19 1' },
          { notes: [{ text: 'a' }, { text: 'b' }], brief: 'a', full: 'abc', reducedToo: '€-1 1' },
        ),
      ],
      ['{ parts { oldRank newRank } }', parts({ oldRank: 90, newRank: 30 }, { oldRank: 90, newRank: 20 })],
      // The client asks for the field itself.
      ['{ parts { price euros } }', parts({ price: 10, euros: '€20' }, { price: 0, euros: '€0' })],
      ['{ parts { price(currency: "GBP") euros } }', parts({ price: 30, euros: '€20' }, { price: 0, euros: '€0' })],
      [
        '{ parts { price(off: 3) euros dollars } }',
        parts({ price: 7, euros: '€20', dollars: '$10' }, { price: -3, euros: '€0', dollars: '$0' }),
      ],
      [
        '{ parts { price: euros x: price(off: 4) dollars } }',
        parts({ price: '€20', x: 6, dollars: '$10' }, { price: '€0', x: -4, dollars: '$0' }),
      ],
      // The client uses the names of variants.
      [
        '{ parts { price__v2: label price__v1 euros dollars price__v1_: label } }',
        parts(
          { price__v2: 'part', price__v1: 'taken', euros: '€20', dollars: '$10', price__v1_: 'part' },
          { price__v2: 'part', price__v1: 'taken', euros: '€0', dollars: '$0', price__v1_: 'part' },
        ),
      ],
      // Fragments.
      [
        '{ parts { ...A ...B } } fragment A on Part { euros } fragment B on Part { dollars ...A }',
        parts({ euros: '€20', dollars: '$10' }, { euros: '€0', dollars: '$0' }),
      ],
      // Abstract types.
      [
        '{ items { id ... on Part { dollars euros } ... on Tool { euros } } }',
        {
          items: [
            { id: 'p1', dollars: '$10', euros: '€20' },
            { id: 't1', euros: '€200' },
          ],
        },
      ],
      [
        '{ items { ... on Part { dollars } ... on Tool { euros } price } }',
        {
          items: [
            { dollars: '$10', price: 10 },
            { euros: '€200', price: 100 },
          ],
        },
      ],
      [
        '{ goods { ... on Part { euros } ... on Tool { dollars } ... on Item { price(off: 1) } } }',
        {
          goods: [
            { euros: '€20', price: 9 },
            { dollars: '$100', price: 99 },
          ],
        },
      ],
      ['{ boxes { cheap } }', { boxes: [{ cheap: '$10' }] }],
      ['{ boxes { dear inner { dear } } }', { boxes: [{ dear: '20', inner: { dear: '300' } }] }],
      [
        '{ boxes { cheap dear inner { dear cheap item { price(off: 5) } } } }',
        { boxes: [{ cheap: '$10', dear: '20', inner: { dear: '300', cheap: '$100', item: { price: 95 } } }] },
      ],
    ])('%s', async (query, data) => {
      await expectData(ask, query, data);
    });

    test('calls that are split have the variables that each needs', async () => {
      const query = 'query($f: Int!, $e: Boolean!) { parts { times(factor: $f) euros @include(if: $e) dollars } }';
      const { calls } = await expectData(
        ask,
        query,
        parts({ times: 60, euros: '€20', dollars: '$10' }, { times: 0, euros: '€0', dollars: '$0' }),
        { f: 2, e: true },
      );
      const sent = calls.filter(({ subgraph }) => subgraph === 'sales').map(({ variables }) => Object.keys(variables));
      expect(sent.map((names) => names.filter((name) => name !== 'e').length).toSorted()).toEqual([1, 1, 2]);
      await expectData(ask, query, parts({ times: 60, dollars: '$10' }, { times: 0, dollars: '$0' }), {
        f: 2,
        e: false,
      });
    });
  },
);

describeGraph(
  'objects of which all selections have conditions',
  {
    a: {
      sdl: `
        type Query { p: P! n: N! }
        interface N { w: Int }
        type P implements N @key(fields: "id") { id: ID! w: Int q: P }`,
      resolvers: {
        Query: { p: () => ({ id: '1', w: 5, q: { id: '2', w: 6 } }), n: () => ({ __typename: 'P', id: '1', w: 5 }) },
      },
    },
    b: {
      sdl: 'type P @key(fields: "id") { id: ID! far: Int }',
      resolvers: { P: { far: () => 9 } },
    },
  },
  (ask) => {
    test.each<[string, unknown]>([
      ['p @include(if: $i) { w @skip(if: $s) }', { p: {} }],
      ['p { w @skip(if: $s) }', { p: {} }],
      ['p { ... @skip(if: $s) { w id } }', { p: {} }],
      ['p { ...F } } fragment F on P { w @skip(if: $s)', { p: {} }],
      ['p { ...F @include(if: $i) } } fragment F on P { w @skip(if: $s)', { p: {} }],
      ['p { far @skip(if: $s) }', { p: {} }],
      ['p { far @skip(if: $s) w @include(if: $i) }', { p: { w: 5 } }],
      ['p { q { w @skip(if: $s) } }', { p: { q: {} } }],
      ['p @include(if: $i) { q @include(if: $i) { far @skip(if: $s) w @skip(if: $s) } }', { p: { q: {} } }],
      ['n { w @skip(if: $s) }', { n: {} }],
      ['n { ... on P { far @skip(if: $s) } }', { n: {} }],
      ['p { w @skip(if: $i) q @skip(if: $i) { far @include(if: $s) } }', { p: {} }],
    ])('%s', async (selection, data) => {
      const query = `query($s: Boolean = true, $i: Boolean = true) { ${selection} }`.replace(
        /\$i: Boolean = true/,
        (text) => (selection.includes('$i') ? text : ''),
      );
      await expectData(ask, query, data);
    });
  },
);
