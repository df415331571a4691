import { Bell } from './bell.ts';
import { Lanes, Slots, Turns } from './queues.ts';
import { pause, waitAtMost } from './wait.ts';

const never = new AbortController().signal;
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

test('a ring wakes a waiting loop, or the next wait if nobody waits', async () => {
  const bell = new Bell();
  const waiting = bell.wait(60_000, never);
  bell.ring();
  expect(await waiting).toBe(true);
  bell.ring();
  expect(await bell.wait(60_000, never)).toBe(true);
  expect(await bell.wait(1, never)).toBe(false);
});

test('an aborted signal ends a wait and a pause', async () => {
  const stopping = new AbortController();
  const waits = [new Bell().wait(60_000, stopping.signal), pause(60_000, stopping.signal)];
  stopping.abort();
  await Promise.all(waits);
  await pause(60_000, stopping.signal);
  expect(await new Bell().wait(60_000, stopping.signal)).toBe(false);
});

test('lanes keep the order of a key and do not wait for other keys', async () => {
  const lanes = new Lanes();
  const done: string[] = [];
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  void lanes.run('a', async () => {
    await gate;
    done.push('a1');
  });
  void lanes.run('a', async () => void done.push('a2'));
  void lanes.run('b', async () => void done.push('b1'));
  await turn();
  expect(done).toEqual(['b1']);
  const idle = lanes.idle();
  open();
  await idle;
  expect(done).toEqual(['b1', 'a1', 'a2']);
});

test('slots limit the number of tasks that run at a time, also after a failure', async () => {
  const slots = new Slots(2);
  let running = 0;
  let most = 0;
  const task = async (index: number): Promise<number> => {
    most = Math.max(most, ++running);
    await turn();
    running -= 1;
    if (index === 1) throw new Error('failed');
    return index;
  };
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => slots.run(() => task(index))));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  expect(most).toBe(2);
});

test('turns run every task, one at a time, also after a failure', async () => {
  const turns = new Turns();
  let running = 0;
  const task = async (index: number): Promise<number> => {
    expect(++running).toBe(1);
    await turn();
    running -= 1;
    if (index === 1) throw new Error('failed');
    return index;
  };
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => turns.run(() => task(index))));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
});

test('waitAtMost returns whether a promise settled in time', async () => {
  expect(await waitAtMost(1, new Promise(() => {}))).toBe(false);
  expect(await waitAtMost(60_000, Promise.reject(new Error('settled')))).toBe(true);
});
