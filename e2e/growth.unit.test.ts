import { findUnexpectedGrowth, readGrowthList, readSchemaTables } from './growth/growth-list.ts';

test('every table of every schema is on the list of tables and what bounds them, and no other', () => {
  expect(
    readGrowthList()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(readSchemaTables().sort());
});

test('a list without a bound, and one with a table twice, is refused', () => {
  const row = '| `order.outbox` | 1,200 | 7 days |';
  expect(readGrowthList(row)).toEqual([{ name: 'order.outbox', rowsPerThousand: 1_200, bound: '7 days' }]);
  expect(() => readGrowthList(`${row}\n${row}`)).toThrow('twice');
  expect(() => readGrowthList('| `order.outbox` | 1,200 |  |')).toThrow('order.outbox');
});

test('tables that grow otherwise than the list says are found', () => {
  const list = [
    { name: 'order.orders', rowsPerThousand: 1_000, bound: 'archive' },
    { name: 'order.settings', rowsPerThousand: 0, bound: 'one row' },
    { name: 'order.gone', rowsPerThousand: 0, bound: 'one row' },
  ];
  const before = new Map([
    ['order.orders', 50],
    ['order.settings', 1],
    ['order.gone', 0],
  ]);
  const find = (counts: readonly (readonly [string, number])[]) =>
    findUnexpectedGrowth(list, before, new Map(counts), 100);
  const asListed = [
    ['order.orders', 150],
    ['order.settings', 1],
    ['order.gone', 0],
  ] as const;
  expect(find(asListed)).toEqual([]);
  expect(find([...asListed.slice(0, 2), ['order.new', 5]])).toEqual([
    'order.gone is listed, and does not exist',
    'order.new is not listed: it grows by 50 rows per thousand orders',
  ]);
  expect(find([['order.orders', 450], ['order.settings', 2], asListed[2]])).toEqual([
    'order.orders grows by 4000 rows per thousand orders, and 1000 are listed',
    'order.settings grows by 10 rows per thousand orders, and 0 are listed',
  ]);
  expect(find([['order.orders', 60], asListed[1], asListed[2]])).toHaveLength(1);
});
