import { RetryBudget } from './retry-budget.ts';

let time = 0;
beforeEach(() => (time = 0));

const open = () => new RetryBudget(() => time);

/** How often the budget can be spent at once. */
function drain(budget: RetryBudget): number {
  let spent = 0;
  while (budget.spend()) spent += 1;
  return spent;
}

test('a tenth of the calls may be sent again, beside a floor', () => {
  const budget = open();
  expect(drain(budget)).toBe(10);
  for (let call = 0; call < 205; call += 1) budget.recordCall();
  expect(drain(budget)).toBe(20);
});

test('no more than a hundred are saved up', () => {
  const budget = open();
  for (let call = 0; call < 100_000; call += 1) budget.recordCall();
  expect(drain(budget)).toBe(100);
});

test('without calls, the floor grows back by one a second', () => {
  const budget = open();
  drain(budget);
  time += 2_500;
  expect(drain(budget)).toBe(2);
  time += 3_600_000;
  expect(drain(budget)).toBe(10);
});
