import { eventually } from '@shop/testing';
import type { PoolClient } from 'pg';
import { appendToOutbox, durableName, fromPg, onBatch } from '../src/index.ts';
import { asAdmin } from './fixtures/admin.ts';
import { Scene } from './fixtures/scene.ts';
import type { Counted } from './fixtures/scene.ts';
import { Servers } from './fixtures/servers.ts';

let servers: Servers;
let scene: Scene;

beforeAll(async () => {
  servers = await Servers.start();
});
afterAll(() => servers?.stop());
beforeEach(async () => {
  scene = await Scene.create(servers);
});
afterEach(() => scene?.stop());

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
/** In a test, the stream has less time to deliver. */
const promptly = { confirmAfterMs: 500, confirmEveryMs: 200 };
const patient = { timeoutMs: 60_000 };
const effects = (least: number) =>
  eventually(async () => expect(await scene.count('effects')).toBeGreaterThanOrEqual(least), patient);
const nothingPending = () => eventually(async () => expect(await scene.count('pending')).toBe(0), patient);
const consumerInfo = () =>
  asAdmin(servers.natsUrl(), (manager) => manager.consumers.info(scene.stream.name, durableName(scene.consumer)));
const caughtUp = () =>
  eventually(async () => {
    const info = await consumerInfo();
    expect([info.num_pending, info.num_ack_pending]).toEqual([0, 0]);
  }, patient);

/** Checks that every event took effect exactly once. */
async function everyEffectOnce(events: number): Promise<void> {
  await nothingPending();
  await effects(events);
  await caughtUp();
  const ids = (await scene.effects()).map((effect) => effect.message_id);
  expect(new Set(ids).size).toBe(events);
  expect(ids).toHaveLength(events);
}

const append = (from: number, count: number) =>
  scene.append(...numbers(count).map((n) => scene.event(`aggregate-${n % 7}`, from + n)));

describe.each(['nothing', 'an older copy', 'older messages'] as const)(
  'after the broker comes back with %s',
  (rest) => {
    test('the followers get what is lost, while replicas publish and consume', async () => {
      for (const _replica of numbers(2)) await scene.relay(promptly);
      const handlers = [
        onBatch(
          scene.counted,
          async (events: readonly { id: string; subject: string; data: Counted }[], tx: PoolClient) => {
            for (const event of events) await scene.addEffect(event, tx);
          },
        ),
      ];
      for (const _replica of numbers(2)) await scene.consume({ handlers, ackWaitMs: 2_000 });
      let writing = true;
      let written = 0;
      const writers = numbers(6).map(async (writer) => {
        for (let change = 0; writing; change += 1) {
          await scene.change(`aggregate-${writer}-${change % 3}`);
          written += 1;
        }
      });
      try {
        await effects(300);
        await servers.killNats();
        await servers.copyNatsData();
        await servers.startNats();
        await effects((await scene.count('outbox')) + 300);
        await servers.killNats();
        if (rest === 'nothing') await servers.deleteNatsData();
        else await servers.restoreNatsData(rest === 'older messages' ? 'messages' : 'everything');
        const before = written;
        await servers.startNats();
        await eventually(() => expect(written).toBeGreaterThan(before + 100), patient);
      } finally {
        writing = false;
        await Promise.all(writers);
      }
      await everyEffectOnce(written);
      await scene.append(scene.event('later', 1));
      await everyEffectOnce(written + 1);
      expect(await scene.count('dead_letters')).toBe(0);
    });
  },
);

test('a consumer that is ahead of its restored stream gets the events that take the lost places', async () => {
  const relay = await scene.relay(promptly);
  const consumer = await scene.consume();
  await append(0, 20);
  await everyEffectOnce(20);
  await servers.killNats();
  await servers.copyNatsData();
  await servers.startNats();
  // These events are written before the ones that get lost, but are committed and published after them.
  const late = await scene.database.pool.connect();
  await late.query('BEGIN');
  await appendToOutbox(
    fromPg(late),
    numbers(40).map((n) => scene.event(`aggregate-${n % 7}`, 100 + n)),
  );
  await append(20, 40);
  await everyEffectOnce(60);
  await consumer.stop();
  await relay.stop();
  await late.query('COMMIT');
  late.release();
  await servers.killNats();
  await servers.restoreNatsData('messages');
  await servers.startNats();
  await scene.relay(promptly);
  await nothingPending();
  await scene.consume();
  await everyEffectOnce(100);
});
