import { createPlanStore } from './plan-store.ts';
import type { PlannerAnswer } from './planner-thread.ts';

/** A thread that answers when the test says so. */
function createThread() {
  const asked: string[] = [];
  const waiting: { resolve: (answer: PlannerAnswer) => void; reject: (reason: Error) => void }[] = [];
  return {
    asked,
    plan(text: string): Promise<PlannerAnswer> {
      asked.push(text);
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    async answer(answer?: PlannerAnswer | Error): Promise<void> {
      await settle();
      const next = waiting.shift();
      if (answer instanceof Error) next?.reject(answer);
      else next?.resolve(answer ?? { plan: '{"kind":"QueryPlan"}' });
      await settle();
    },
    close: async () => {},
  };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));
const limits = { max: 3, maxOfClient: 2 };
/** @param maxBytes enough for two small plans by default */
const create = (maxBytes = 1_500) => {
  const thread = createThread();
  return { thread, store: createPlanStore({ thread, timeoutMs: 10, maxBytes, limits }) };
};
const readCode = (promise: Promise<unknown>) =>
  promise.then(
    () => 'planned',
    (error: { message: string; extensions?: { code: string } }) => error.extensions?.code ?? error.message,
  );

test('requests for the same new plan share one planning, and later ones get the kept plan', async () => {
  const { thread, store } = create();
  const both = [store.find('{ a }', 'x'), store.find('{ a }', 'y')];
  await thread.answer();
  const [one, other] = await Promise.all(both);
  expect(other).toBe(one);
  expect(await store.find('{ a }', 'z')).toBe(one);
  expect(thread.asked).toEqual(['{ a }']);
});

test('the least recently used plan is dropped', async () => {
  const { thread, store } = create();
  for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) {
    const found = store.find(text, 'x');
    await thread.answer();
    await found;
  }
  expect(thread.asked).toEqual(['a', 'b', 'c', 'b']);
});

test('plans are dropped when they have too many bytes together', async () => {
  const { thread, store } = create(15_000);
  for (const text of ['a', 'b', 'a']) {
    const found = store.find(text, 'x');
    await thread.answer({ plan: JSON.stringify({ kind: 'QueryPlan', text: 'x'.repeat(6_000) }) });
    await found;
    expect(store.state.bytes).toBeLessThanOrEqual(15_000);
    expect(store.state.plans).toBe(1);
  }
  expect(thread.asked).toEqual(['a', 'b', 'a']);
});

test('a plan larger than all that may be kept is returned, and not kept', async () => {
  const { thread, store } = create();
  const found = store.find('a', 'x');
  await thread.answer({ plan: JSON.stringify({ kind: 'QueryPlan', text: 'x'.repeat(6_000) }) });
  expect(await found).toHaveProperty('kind', 'QueryPlan');
  expect(store.state).toMatchObject({ plans: 0, bytes: 0 });
  expect(store.listOperations(10)).toEqual([]);
});

test('clients take turns', async () => {
  const { thread, store } = create();
  const found = ['a1', 'a2', 'a3', 'b1'].map((text) => store.find(text, text.charAt(0)));
  for (let n = 0; n < 4; n += 1) await thread.answer();
  await Promise.all(found);
  expect(thread.asked).toEqual(['a1', 'a2', 'b1', 'a3']);
});

test('a client that waits for too many plans is refused, and others are not', async () => {
  const { thread, store } = create();
  const own = ['a1', 'a2', 'a3', 'a4'].map((text) => readCode(store.find(text, 'a')));
  await settle();
  const others = ['b1', 'c1'].map((text) => readCode(store.find(text, text)));
  expect(await own[3]).toBe('SERVICE_UNAVAILABLE');
  await settle();
  expect(await others[1]).toBe('SERVICE_UNAVAILABLE');
  for (let n = 0; n < 4; n += 1) await thread.answer();
  expect(await Promise.all([...own.slice(0, 3), others[0]])).toEqual(Array(4).fill('planned'));
  // The place is free again.
  const again = readCode(store.find('a4', 'a'));
  await thread.answer();
  expect(await again).toBe('planned');
});

test('an operation that cannot be planned is not planned again', async () => {
  const { thread, store } = create();
  for (const [text, answer, code] of [
    ['a', { exceeded: 'time' }, 'PLAN_LIMIT_EXCEEDED'],
    ['b', { exceeded: 'memory' }, 'PLAN_LIMIT_EXCEEDED'],
    ['c', { refusal: 'Number of …' }, 'Number of …'],
  ] as const) {
    const first = readCode(store.find(text, 'x'));
    await thread.answer(answer);
    expect(await first).toBe(code);
    expect(await readCode(store.find(text, 'x'))).toBe(code);
  }
  expect(thread.asked).toEqual(['a', 'b', 'c']);
});

test('a failure of the thread fails one request only', async () => {
  const { thread, store } = create();
  const failed = readCode(store.find('a', 'x'));
  await thread.answer(new Error('broken'));
  expect(await failed).toBe('broken');
  const next = readCode(store.find('a', 'x'));
  await thread.answer();
  expect(await next).toBe('planned');
});

test('another store plans the operations that were used last, without those that have no plan', async () => {
  const { thread, store } = create();
  for (const [text, answer] of [
    ['a', undefined],
    ['refused', { refusal: 'no' }],
    ['b', undefined],
  ] as const) {
    const found = store.find(text, 'x').catch(() => undefined);
    await thread.answer(answer);
    await found;
  }
  expect(store.listOperations(10)).toEqual(['b']);

  const next = create();
  const prepared = next.store.prepare(['latest', 'refused', 'before'], 60_000);
  await next.thread.answer();
  await next.thread.answer({ refusal: 'no' });
  await next.thread.answer();
  await prepared;
  expect(next.thread.asked).toEqual(['before', 'refused', 'latest']);
  expect(next.store.state.plans).toBe(2);
  expect(next.store.listOperations(1)).toEqual(['latest']);
  await next.store.find('before', 'x');
  expect(next.thread.asked).toHaveLength(3);
});

test('preparing plans ends with its time', async () => {
  const { thread, store } = create();
  const prepared = store.prepare(['a', 'b'], 0);
  await thread.answer();
  await prepared;
  expect(thread.asked.length).toBeLessThan(2);
});
