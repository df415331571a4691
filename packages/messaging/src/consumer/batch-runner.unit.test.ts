import { setImmediate } from 'node:timers/promises';
import { chooseSize } from '@shop/testing/config';
import fc from 'fast-check';
import type { JsMsg } from 'nats';
import { Bell } from '../async/bell.ts';
import { Lanes, Turns } from '../async/queues.ts';
import { newEvent } from '../event.ts';
import { toEnvelope } from '../envelope.ts';
import { Outage } from '../outage.ts';
import { BatchRunner } from './batch-runner.ts';
import { RecentIds } from '../confirmation/recent-ids.ts';
import { StreamDelivery } from './delivery.ts';
import { onBatch } from './handlers.ts';
import { SingleRunner } from './single-runner.ts';

/** What one delivered message does. */
interface Plan {
  readonly aggregate: string;
  readonly deliveries: number;
  /** The number of transactions that fail because of this message. */
  readonly failures: number;
  /** True if the database is away when the message is handled for the first time. */
  readonly isDatabaseAway: boolean;
  /** True if the event loop turns before the next message arrives. */
  readonly endsDelivery: boolean;
}

interface Run {
  /** Places of the messages, in the order in which their effects committed. */
  readonly committed: number[];
  readonly deadLetters: number[];
  /** `ack 3` or `term 3`, with ` early` when nothing had committed for the message. */
  readonly answers: string[];
  readonly transactions: number;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const maxAttempts = 3;

/** Hands the messages to a runner whose database is in memory, and returns what it made of them. */
async function run(plans: readonly Plan[], batchSize: number, gatherMs = 0): Promise<Run> {
  const result = { committed: [] as number[], deadLetters: [] as number[], answers: [] as string[], transactions: 0 };
  const counted = {
    type: 'test.counted.v1',
    source: '/test',
    parse: (data: unknown) => data as { readonly place: number },
  };
  const failuresLeft = plans.map(({ failures }) => failures);
  const awayLeft = plans.map(({ isDatabaseAway }) => isDatabaseAway);
  interface Transaction {
    readonly effects: number[];
    readonly deadLetters: number[];
  }
  const effects = {
    consumer: 'test',
    async transact<Answer>(work: (tx: Transaction) => Promise<Answer>): Promise<Answer> {
      const tx: Transaction = { effects: [], deadLetters: [] };
      result.transactions += 1;
      const answer = await work(tx);
      await setImmediate();
      result.committed.push(...tx.effects);
      result.deadLetters.push(...tx.deadLetters);
      return answer;
    },
    sql: (tx: Transaction) => ({
      async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
        await setImmediate();
        if (text.includes('INSERT INTO dead_letters')) {
          tx.deadLetters.push(Number(values[3]));
          return [];
        }
        return String(values[1])
          .split(',')
          .map((id) => ({ id })) as Row[];
      },
    }),
  };
  const handlers = [
    onBatch<{ readonly place: number }, Transaction>(counted, async (events, tx) => {
      for (const { data } of events) {
        if (awayLeft[data.place]) {
          awayLeft[data.place] = false;
          throw new Error('database away');
        }
        if ((failuresLeft[data.place] ?? 0) > 0) {
          failuresLeft[data.place]! -= 1;
          throw new Error('not yet');
        }
        tx.effects.push(data.place);
      }
    }),
  ];
  const { signal } = new AbortController();
  const isTransient = (error: unknown): boolean => (error as Error).message === 'database away';
  const shared = { effects, isTransient, databaseOutage: new Outage(silent, 'database'), logger: silent, signal };
  const backoff = { firstMs: 0, maxMs: 1 };
  const singles = new SingleRunner({
    ...shared,
    reportDeadLetter: undefined,
    maxAttempts,
    maxDeliveries: 50,
    backoff,
  });
  const runner = new BatchRunner({
    irrelevant: new RecentIds(10),
    ...shared,
    handlers,
    singles,
    lanes: new Lanes(),
    turns: new Turns(),
    batchSize,
    gatherMs,
    concurrency: 2,
    settled: new Bell(),
  });
  for (const [place, plan] of plans.entries()) {
    const event = newEvent(counted, { aggregateId: plan.aggregate, data: { place } });
    const answer = (kind: string, done: readonly number[]) => () =>
      void result.answers.push(`${kind} ${place}${done.includes(place) ? '' : ' early'}`);
    const message = {
      subject: counted.type,
      data: Buffer.from(JSON.stringify(toEnvelope(event))),
      info: { stream: 'S', streamSequence: place, deliveryCount: plan.deliveries, timestampNanos: place },
      ack: answer('ack', result.committed),
      term: answer('term', result.deadLetters),
      nak: answer('nak', []),
      working() {},
    };
    runner.accept(new StreamDelivery(message as unknown as JsMsg, signal));
    if (plan.endsDelivery) await setImmediate();
  }
  await runner.idle();
  expect(runner.held).toBe(0);
  return result;
}

const plan = (parts: Partial<Plan> = {}): Plan => ({
  aggregate: 'a',
  deliveries: 1,
  failures: 0,
  isDatabaseAway: false,
  endsDelivery: false,
  ...parts,
});
const plans = fc.array(
  fc.record({
    aggregate: fc.constantFrom('a', 'b', 'c'),
    deliveries: fc.integer({ min: 1, max: 6 }),
    failures: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: maxAttempts + 1 })),
    // Rare, since each outage costs a pause.
    isDatabaseAway: fc.oneof({ weight: 99, arbitrary: fc.constant(false) }, fc.constant(true)),
    endsDelivery: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

test('a message that was delivered often keeps its place between the other messages of its aggregate', async () => {
  const { committed } = await run([plan(), plan({ deliveries: 4 }), plan()], 256);
  expect(committed).toEqual([0, 1, 2]);
});

test('a message that waits for a later batch is not overtaken by the next message of its aggregate', async () => {
  const { committed } = await run([plan({ aggregate: 'b' }), plan(), plan({ deliveries: 4 }), plan(), plan()], 2);
  expect(committed.filter((place) => place > 0)).toEqual([1, 2, 3, 4]);
});

describe('messages that are gathered', () => {
  const inTurns = (count: number) =>
    Array.from({ length: count }, (_, at) => plan({ aggregate: `${at}`, endsDelivery: true }));

  test('share a transaction when they come soon enough', async () => {
    expect((await run(inTurns(4), 256)).transactions).toBeGreaterThan(1);
    expect(await run(inTurns(4), 256, 1_000)).toMatchObject({ committed: [0, 1, 2, 3], transactions: 1 });
  });

  test('do not wait when they fill a transaction', async () => {
    expect(await run(inTurns(6), 2, 600_000)).toMatchObject({ committed: [0, 1, 2, 3, 4, 5], transactions: 3 });
  });
});

test(
  'each aggregate keeps its order, whatever the delivery counts, the failures and the batch size',
  async () => {
    const property = fc.asyncProperty(
      plans,
      fc.integer({ min: 1, max: 6 }),
      fc.nat({ max: 1 }),
      async (messages, size, gatherMs) => {
        const { committed, deadLetters, answers } = await run(messages, size, gatherMs);
        const places = [...messages.keys()];
        for (const aggregate of ['a', 'b', 'c']) {
          const isOwn = (place: number): boolean => messages[place]?.aggregate === aggregate;
          expect(committed.filter(isOwn)).toEqual(
            places.filter((place) => isOwn(place) && !deadLetters.includes(place)),
          );
          expect(deadLetters.filter(isOwn)).toEqual([...deadLetters].filter(isOwn).sort((one, other) => one - other));
        }
        // A batch with several messages counts no attempt, so only the last failure decides.
        for (const place of deadLetters) expect(messages[place]?.failures).toBeGreaterThanOrEqual(maxAttempts);
        // Each message is answered once, after its transaction committed.
        expect([...answers].sort()).toEqual(
          places.map((place) => `${deadLetters.includes(place) ? 'term' : 'ack'} ${place}`).sort(),
        );
      },
    );
    await fc.assert(property, { numRuns: chooseSize({ short: 300, long: 20_000 }) });
  },
  chooseSize({ short: 60_000, long: 600_000 }),
);
