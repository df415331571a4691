import fc from 'fast-check';
import type { GatewayContext } from '../context.ts';
import type { FeedEvent } from '../events/event-feed.ts';
import type { LiveSource } from '../supergraph/index.ts';
import type { ObjectState } from './live-object.ts';
import { formatPosition, LiveQuery, parsePosition } from './live-query.ts';
import { Subscriber } from './subscriber.ts';

const byId: LiveSource = {
  query: 'thing',
  events: ['shop.thing.changed.v1'],
  argument: 'id',
  member: undefined,
  within: undefined,
  version: 'version',
};
const byOwner: LiveSource = { ...byId, argument: 'owner', member: 'owner' };
const ids = ['a', 'b', 'c'] as const;
const notices = { absent: 'absent', missed: 'missed' };

/** A read that was begun. It sees the database when it is looked at, and its answer arrives later. */
interface Read {
  readonly id: string;
  seen: number | undefined;
  readonly resolve: (state: ObjectState) => void;
}

/** A subscriber with the versions that it was sent, by object. */
interface Client {
  readonly subscriber: Subscriber;
  readonly keys: readonly string[];
  readonly got: Map<string, number[]>;
  /** The versions when it subscribed. */
  readonly from: ReadonlyMap<string, number>;
  reading: boolean;
}

/** A database of three objects, a broker that delivers late and again, and clients that read when they like. */
class World {
  readonly versions = new Map<string, number>(ids.map((id) => [id, 0]));
  readonly history: FeedEvent[] = [];
  delivered = 0;
  readonly reads: Read[] = [];
  readonly clients: Client[] = [];
  readonly query: LiveQuery;
  /** Reads that saw an earlier state in a row, as on a replica that is behind. */
  #late = 0;
  readonly #isById: boolean;

  constructor(source: LiveSource, isGuarded: boolean) {
    this.#isById = source === byId;
    this.query = new LiveQuery({
      operation: { source },
      read: (id) => new Promise((resolve) => void this.reads.push({ id, seen: undefined, resolve })),
      isForOne: false,
      notices,
      onIdle: () => {},
      isGuarded,
      pause: async () => {},
    });
  }

  commit(id: string): void {
    const version = (this.versions.get(id) ?? 0) + 1;
    this.versions.set(id, version);
    this.history.push({
      stream: 'THINGS',
      sequence: this.history.length + 1,
      type: 'shop.thing.changed.v1',
      subject: id,
      time: new Date(this.history.length),
      data: { sequence: version, owner: 'o' },
      outboxSequence: undefined,
    });
  }

  deliver(): void {
    const event = this.history[this.delivered];
    if (event === undefined) return;
    this.delivered += 1;
    this.query.handle(event);
  }

  deliverAgain(choice: number): void {
    const event = this.history[choice % Math.max(1, this.delivered)];
    if (event !== undefined && this.delivered > 0) this.query.handle(event);
  }

  look(choice: number, isLate: boolean): void {
    const open = this.reads.filter(({ seen }) => seen === undefined);
    const read = open[choice % Math.max(1, open.length)];
    if (read === undefined) return;
    const now = this.versions.get(read.id) ?? 0;
    this.#late = isLate && this.#late < 3 ? this.#late + 1 : 0;
    // Nobody could tell that a first state is behind.
    const least = Math.max(...this.clients.map(({ from }) => from.get(read.id) ?? 0));
    read.seen = Math.max(least, now - this.#late);
  }

  answer(choice: number): void {
    const seen = this.reads.filter((read) => read.seen !== undefined);
    const read = seen[choice % Math.max(1, seen.length)];
    if (read?.seen === undefined) return;
    this.reads.splice(this.reads.indexOf(read), 1);
    const json = JSON.stringify([read.id, read.seen]);
    read.resolve({ kind: 'present', json, version: read.seen, isWhole: true });
  }

  subscribe(keys: readonly string[]): void {
    const subscriber: Subscriber = new Subscriber({} as GatewayContext, () => this.query.remove(subscriber));
    this.clients.push({ subscriber, keys, got: new Map(), from: new Map(this.versions), reading: false });
    this.query.add(subscriber, this.#isById ? keys : ['o']);
  }

  /** The client takes one message, when there is one. */
  take(choice: number): void {
    const client = this.clients[choice % Math.max(1, this.clients.length)];
    if (client === undefined || client.reading) return;
    client.reading = true;
    void client.subscriber.next().then((message) => {
      client.reading = false;
      if (message === undefined) return;
      const [id, version] = JSON.parse(message.json) as [string, number];
      client.got.set(id, [...(client.got.get(id) ?? []), version]);
    });
  }

  /** Everything that is on its way arrives. */
  async settle(): Promise<void> {
    for (let idle = 0; idle < 3; idle += 1) {
      while (this.delivered < this.history.length) this.deliver();
      while (this.reads.length > 0) {
        this.look(0, false);
        this.answer(0);
        idle = 0;
      }
      for (let index = 0; index < this.clients.length; index += 1) this.take(index);
      await turn();
    }
    for (let again = 0; again < 10; again += 1) {
      for (let index = 0; index < this.clients.length; index += 1) this.take(index);
      await turn();
    }
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

type Step = (world: World) => void;
const number = fc.nat(20);
const id = fc.constantFrom(...ids);
const step: fc.Arbitrary<Step> = fc.oneof(
  id.map(
    (one): Step =>
      (world) =>
        world.commit(one),
  ),
  fc.constant<Step>((world) => world.deliver()),
  fc.constant<Step>((world) => world.deliver()),
  number.map(
    (choice): Step =>
      (world) =>
        world.deliverAgain(choice),
  ),
  fc.tuple(number, fc.boolean()).map(
    ([choice, isLate]): Step =>
      (world) =>
        world.look(choice, isLate),
  ),
  number.map(
    (choice): Step =>
      (world) =>
        world.answer(choice),
  ),
  fc.uniqueArray(id, { minLength: 1 }).map(
    (keys): Step =>
      (world) =>
        world.subscribe(keys),
  ),
  number.map(
    (choice): Step =>
      (world) =>
        world.take(choice),
  ),
);

/** Runs the steps in any order of their effects, and returns what is wrong. */
async function run(source: LiveSource, steps: readonly Step[], isGuarded: boolean): Promise<string[]> {
  const world = new World(source, isGuarded);
  for (const each of steps) {
    each(world);
    await turn();
  }
  await world.settle();
  const wrong: string[] = [];
  for (const { subscriber, keys, got, from } of world.clients) {
    subscriber.end('closed');
    for (const [object, versions] of got)
      for (const [index, version] of versions.entries())
        if (index > 0 && version <= (versions[index - 1] ?? 0)) wrong.push(`${object}: ${versions.join()}`);
    for (const object of source === byId ? keys : ids) {
      const last = got.get(object)?.at(-1);
      const [first = -1] = got.get(object) ?? [];
      const final = world.versions.get(object) ?? 0;
      const before = from.get(object) ?? 0;
      // The first message is the state now. A subscriber to a set gets what changes from now on.
      if (source === byId && first < before) wrong.push(`${object} begins with ${first}, and was ${before}`);
      if ((source === byId || final > before) && last !== final)
        wrong.push(`${object} ends with ${last}, and is ${final}`);
    }
  }
  return wrong;
}

const steps = fc.array(step, { minLength: 10, maxLength: 80 });

test.each([
  ['one object', byId],
  ['a set of objects', byOwner],
])(
  'subscribers to %s never go back, get nothing twice, and end with the state of the database, in any order of events',
  async (_what, source) => {
    await fc.assert(
      fc.asyncProperty(steps, async (each) => expect(await run(source, each, true)).toEqual([])),
      { numRuns: process.env['SHOP_TEST_LONG'] === '1' ? 3_000 : 150 },
    );
  },
  120_000,
);

test('the model finds a query without its guard', async () => {
  const failed = await fc.check(
    fc.asyncProperty(steps, async (each) => expect(await run(byId, each, false)).toEqual([])),
    {
      numRuns: 150,
      endOnFailure: true,
    },
  );
  expect(failed.failed).toBe(true);
}, 120_000);

test('a position names an event, and another text is none', () => {
  const event = {
    stream: 'ORDER',
    sequence: 7,
    time: new Date(5),
    type: '',
    subject: '',
    data: {},
    outboxSequence: undefined,
  };
  expect(parsePosition(formatPosition(event))).toEqual({ stream: 'ORDER', sequence: 7, time: new Date(5) });
  expect([formatPosition(undefined), parsePosition('b64hash'), parsePosition('')]).toEqual(['', undefined, undefined]);
});
