import { eventually } from '@shop/testing';
import { durableName } from '../src/index.ts';
import { asAdmin, deleteConsumer } from './fixtures/admin.ts';
import { Scene } from './fixtures/scene.ts';
import { Servers } from './fixtures/servers.ts';

let servers: Servers;
let scene: Scene;

beforeAll(async () => {
  servers = await Servers.start({ nats: false });
});
afterAll(() => servers?.stop());
beforeEach(async () => {
  scene = await Scene.create(servers);
});
afterEach(() => scene?.stop());

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
/** In a test, the stream has less time to deliver. */
const promptly = { confirmAfterMs: 500, confirmEveryMs: 200 };
const warnings = (): string[] =>
  scene.logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);

/** Checks that every event took effect exactly once. */
async function everyEffectOnce(events: number, timeoutMs = 45_000): Promise<void> {
  await eventually(
    async () => {
      expect(await scene.count('pending')).toBe(0);
      expect(await scene.count('effects')).toBeGreaterThanOrEqual(events);
    },
    { timeoutMs },
  );
  const ids = (await scene.effects()).map((effect) => effect.message_id);
  expect(new Set(ids).size).toBe(events);
  expect(ids).toHaveLength(events);
}

test('everything starts while the broker is away and works when it comes', async () => {
  await scene.relay();
  await scene.consume();
  await scene.append(...numbers(20).map((n) => scene.event(`aggregate-${n % 3}`, n)));
  await eventually(() => expect(warnings()).toHaveLength(2)); // one for each of the two connections
  await servers.startNats();
  await everyEffectOnce(20);
  expect(warnings()).toHaveLength(2);
  const ready = scene.logger.lines.find(({ message }) => message === 'relay ready');
  expect(ready?.fields).toMatchObject({ pending: 20 });
});

test('killing the broker under load loses no event and repeats no effect', async () => {
  await scene.relay();
  await scene.relay();
  await scene.consume({ ackWaitMs: 2_000 });
  let writing = true;
  let written = 0;
  const writers = numbers(4).map(async (writer) => {
    while (writing) {
      await scene.change(`aggregate-${writer}`);
      written += 1;
    }
  });
  for (const goal of [100, 400]) {
    await eventually(async () => expect(await scene.count('effects')).toBeGreaterThan(goal));
    await servers.killNats();
    const before = written;
    await eventually(() => expect(written).toBeGreaterThan(before + 100)); // writers do not depend on the broker
    await servers.startNats();
  }
  writing = false;
  await Promise.all(writers);
  await everyEffectOnce(written);
});

test('a stream that is deleted while in use comes back, and its followers get every event', async () => {
  await scene.relay({ ...promptly, verifyMs: 500 });
  await scene.consume();
  await scene.append(...numbers(10).map((n) => scene.event('a', n)));
  await everyEffectOnce(10);
  await asAdmin(servers.natsUrl(), (manager) => manager.streams.delete(scene.stream.name));
  await scene.append(...numbers(10).map((n) => scene.event('a', 10 + n)));
  await everyEffectOnce(20);
});

test("a stream that was replaced behind the relay's back costs no event", async () => {
  await scene.relay({ ...promptly, verifyMs: 600_000 });
  await scene.append(...numbers(10).map((n) => scene.event('a', n)));
  await eventually(async () => expect(await scene.count('pending')).toBe(0));
  await asAdmin(servers.natsUrl(), async (manager) => {
    const { config } = await manager.streams.info(scene.stream.name);
    await manager.streams.delete(scene.stream.name);
    await manager.streams.add(config);
  });
  await scene.append(scene.event('a', 10));
  await scene.consume();
  await everyEffectOnce(11);
});

test('a consumer that is deleted while in use is created again', async () => {
  await scene.relay();
  await scene.consume();
  await scene.append(...numbers(10).map((n) => scene.event('a', n)));
  await everyEffectOnce(10);
  await asAdmin(servers.natsUrl(), (manager) =>
    deleteConsumer(manager, scene.stream.name, durableName(scene.consumer)),
  );
  await scene.append(...numbers(10).map((n) => scene.event('a', 10 + n)));
  await everyEffectOnce(20);
});

test('after the broker lost its data, the followers get what they lack, and nothing is published again', async () => {
  await scene.relay(promptly);
  await scene.relay(promptly);
  const consumer = await scene.consume();
  await scene.append(...numbers(50).map((n) => scene.event(`aggregate-${n % 5}`, n)));
  await everyEffectOnce(50);
  await consumer.stop();
  await scene.append(...numbers(50).map((n) => scene.event(`aggregate-${n % 5}`, 50 + n)));
  await eventually(async () => expect(await scene.count('pending')).toBe(0));
  await servers.killNats();
  await servers.deleteNatsData();
  await servers.startNats();
  await scene.consume();
  await everyEffectOnce(100);
  await asAdmin(servers.natsUrl(), async (manager) => {
    expect((await manager.streams.info(scene.stream.name)).state.messages).toBe(0);
  });
});
