import { eventually } from '@shop/testing';
import { fromPg, republishSince } from '../src/index.ts';
import { asAdmin } from './fixtures/admin.ts';
import { Scene } from './fixtures/scene.ts';
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

const patient = { timeoutMs: 60_000 };
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const count = (what: 'pending' | 'effects', expected: number) =>
  eventually(async () => expect(await scene.count(what)).toBe(expected), patient);
const messages = () =>
  asAdmin(servers.natsUrl(), async (manager) => (await manager.streams.info(scene.stream.name)).state.messages);

test('republished events have no second effect, however often they are republished', async () => {
  await scene.relay();
  await scene.consume();
  await scene.append(...numbers(2_300).map((n) => scene.event(`aggregate-${n % 100}`, n)));
  await count('effects', 2_300);
  const filter = { since: new Date(Date.now() - 3_600_000) };
  for (const round of [2, 3]) {
    await count('pending', 0);
    expect(await republishSince(fromPg(scene.database.pool), filter)).toBe(2_300);
    await eventually(async () => expect(await messages()).toBe(round * 2_300), patient); // the broker did not drop them as duplicates
  }
  await scene.append(scene.event('last', 1));
  await count('effects', 2_301);
  expect(await scene.count('dead_letters')).toBe(0);
});

test('a consumer that lost its data gets it back in the order of each aggregate', async () => {
  // The confirmation would hand over all events that are lost, where it came after the loss.
  await scene.relay({ confirmAfterMs: 600_000 });
  await scene.consume();
  await scene.append(...numbers(1_500).map((n) => scene.event(`aggregate-${n % 10}`, Math.floor(n / 10))));
  await count('effects', 1_500);
  await count('pending', 0);
  await scene.database.pool.query('TRUNCATE effects, inbox');
  await republishSince(fromPg(scene.database.pool), { since: new Date(0), aggregateId: 'aggregate-3' });
  await count('effects', 150);
  expect((await scene.effects()).map(({ n }) => n)).toEqual(numbers(150));
});
