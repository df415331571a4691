import { describeRow } from '../bench/shops/report.ts';
import {
  graphqlStep,
  numberFor,
  prepareSequence,
  prepareTemplate,
  type Call,
  type Step,
} from '../bench/shops/sequence.ts';
import { listStarts } from '../bench/shops/shop.ts';

const cart: Step = {
  method: 'POST',
  path: '/carts',
  body: '{"variant":"<<variant>>"}',
  expected: '"cart"',
  kept: { cart: '"id":"(cart_\\w+)"' },
};
const complete: Step = {
  method: 'POST',
  path: '/carts/<<cart>>/complete',
  expected: '"order"',
  repeated: { when: '"PENDING"', pauseMs: 1 },
};

/** Runs the steps with these answers, and records the calls. */
async function run(steps: readonly Step[], answers: readonly (string | { status: number; text: string })[]) {
  const sent: Call[] = [];
  const calls = await prepareSequence(steps)({ variant: 'v1', key: 'k' }, (call) => {
    const answer = answers[sent.push(call) - 1] ?? '';
    return Promise.resolve(typeof answer === 'string' ? { status: 200, text: answer } : answer);
  });
  return { calls, sent };
}

test('a step takes values from the answers of earlier ones', async () => {
  expect(await run([cart, complete], ['{"cart":{"id":"cart_7"}}', '{"order":{}}'])).toEqual({
    calls: 2,
    sent: [
      { method: 'POST', path: '/carts', body: '{"variant":"v1"}' },
      { method: 'POST', path: '/carts/cart_7/complete', body: null },
    ],
  });
});

test('a call is repeated until the shop is ready for it, and each is counted', async () => {
  const { calls } = await run([cart, complete], ['{"cart":{"id":"cart_7"}}', '"PENDING"', '"PENDING"', '"order"']);
  expect(calls).toBe(4);
});

test.each([
  ['a status', { status: 500, text: '"cart"' }, /answered with 500/],
  ['errors of GraphQL', '{"errors":[{}],"data":{"cart":null}}', /answered with 200: {"errors"/],
  ['other data', '{"data":null}', /answered with 200: {"data":null}/],
  ['no value that a later step needs', '{"cart":{}}', /The answer has no cart/],
])('an answer with %s ends the run', async (_kind, answer, message) => {
  await expect(run([cart], [answer])).rejects.toThrow(message);
});

test('placeholders stay in the JSON of an operation until they are filled', () => {
  const variables = { id: '<<product>>', skip: numberFor('skip') };
  const { body = '' } = graphqlStep('/graphql', { query: '{ a }', variables }, { expected: 'a' });
  expect(JSON.parse(prepareTemplate(body)({ product: 'p1', skip: '20' }))).toEqual({
    query: '{ a }',
    variables: { id: 'p1', skip: 20 },
  });
  expect(() => prepareTemplate(body)({})).toThrow('There is no value for <<product>>.');
});

test('no list begins after the last product', () => {
  expect(listStarts(100)).toEqual([20, 40, 60, 80]);
  expect(listStarts(10_000)).toHaveLength(100);
});

test('lines are compared with the first one', () => {
  const measured = { row: 'order', calls: 1, p50: 10, p99: 20, cpuOfMails: 2 } as const;
  const table = describeRow('order', [
    { ...measured, label: 'ours', perSecond: 1_000, cpu: 4 },
    { ...measured, label: 'other', perSecond: 50, calls: 2.5, cpu: 8 },
  ]);
  const cells = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  expect(cells[4]).toEqual(['', 'ours', '1', '1,000/s', '10.0/20.0 ms', '4.00 ms', '', '', '']);
  expect(cells[5]).toEqual(['', 'other', '2.5', '50.0/s', '10.0/20.0 ms', '8.00 ms', '20.00x', '2.00x', '']);
  expect(table).toContain('2.00 ms are for its two mails');
});
