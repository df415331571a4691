import { jest } from '@jest/globals';
import { shareStatements } from './shared-statements.ts';

// The time that an outcome waits for others passes only where a test says so, however slow the machine is.
beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
afterEach(() => jest.useRealTimers());

/** The ids of each statement that records sent messages. */
function recordStatements() {
  const recorded: (readonly string[])[] = [];
  const shared = shareStatements({
    async $queryRawUnsafe(text, ids) {
      if (text.includes("status = 'SENT'")) recorded.push(ids as string[]);
      return [];
    },
  });
  return { shared, recorded };
}

/** Something that ends when it is told to. */
function createDoor() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

async function passTurns(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
}

test('one statement records the messages that are delivered at the same time', async () => {
  const { shared, recorded } = recordStatements();
  const last = createDoor();
  const send = async (id: string, done: Promise<void> = Promise.resolve()) => {
    await shared.deliver(() => done);
    await shared.markSent(id);
  };
  const sent = [send('b'), send('a'), send('c', last.opened)];
  await passTurns();
  expect(recorded).toEqual([]);
  last.open();
  await Promise.all(sent);
  expect(recorded).toEqual([['a', 'b', 'c']]);
});

test('a message that fails is not waited for', async () => {
  const { shared, recorded } = recordStatements();
  const failing = shared.deliver(() => Promise.reject(new Error('refused')));
  await Promise.all([shared.markSent('a'), expect(failing).rejects.toThrow('refused')]);
  expect(recorded).toEqual([['a']]);
});

test('a message that hangs holds nobody up for long', async () => {
  const { shared, recorded } = recordStatements();
  const hanging = createDoor();
  const delivery = shared.deliver(() => hanging.opened);
  const marked = shared.markSent('a');
  await passTurns();
  expect(recorded).toEqual([]);
  jest.advanceTimersByTime(20);
  await marked;
  expect(recorded).toEqual([['a']]);
  hanging.open();
  await delivery;
});
