import { startNats } from '@shop/stack';
import { canMountSmallDisks, eventually, mountSmallDisk, type SmallDisk, temporaryDirectory } from '@shop/testing';
import { pgTransact } from '../src/index.ts';
import { Scene } from './fixtures/scene.ts';
import { Servers } from './fixtures/servers.ts';

const canMount = canMountSmallDisks();
const onSmallDisk = canMount ? test : test.skip;
const suffix = canMount ? '' : ' (skipped: no small disk can be mounted)';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Starts PostgreSQL or NATS on a small disk, and the other one on the machine's disk, with a relay on them. */
async function startOn(what: 'postgres' | 'nats') {
  const [disk, directory] = await Promise.all([mountSmallDisk({ megabytes: 150 }), temporaryDirectory()]);
  const [postgresOn, natsOn] = what === 'postgres' ? [disk, directory] : [directory, disk];
  stops.unshift(() => natsOn.remove());
  const servers = await Servers.start({ directory: postgresOn, postgres: true, nats: false });
  stops.unshift(() => servers.stop());
  const nats = await startNats({ dataDir: natsOn.path });
  stops.unshift(() => nats.stop());
  const scene = await Scene.create(servers);
  stops.unshift(() => scene.stop());
  await scene.relay({ broker: await scene.connect('writer', nats.url()) });
  const linesOf = (level: string): string[] =>
    scene.logger.lines.filter((line) => line.level === level).map(({ message }) => message);
  return { disk: disk as SmallDisk, nats, scene, linesOf };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

onSmallDisk(
  `while the disk of the database is full, messages wait and none becomes a dead letter${suffix}`,
  async () => {
    const { disk, nats, scene, linesOf } = await startOn('postgres');
    await scene.append(...numbers(20).map((n) => scene.event(`aggregate-${n}`, n)));
    await eventually(async () => expect(await scene.count('pending')).toBe(0));

    await disk.fill();
    let attempts = 0;
    const transact = pgTransact(scene.database.pool);
    const counting: typeof transact = (work) => {
      attempts += 1;
      return transact(work);
    };
    const broker = await scene.connect('reader', nats.url());
    // With one attempt, any error that counts makes a dead letter.
    await scene.consume({ broker, transact: counting, maxAttempts: 1 });
    await eventually(() => expect(attempts).toBeGreaterThan(3));
    expect(linesOf('warn')).toContainEqual(
      expect.stringMatching(/^database of .* failing: .*No space left on device$/),
    );

    await disk.free();
    await eventually(async () => expect(await scene.count('effects')).toBe(20));
    expect(await scene.count('dead_letters')).toBe(0);
    expect(linesOf('error')).toEqual([]);
  },
);

onSmallDisk(`while the disk of the broker is full, events wait in the outbox${suffix}`, async () => {
  const { disk, nats, scene, linesOf } = await startOn('nats');
  await scene.consume({ broker: await scene.connect('reader', nats.url()) });
  await scene.append(scene.event('aggregate-0', 0));
  await eventually(async () => expect(await scene.count('effects')).toBe(1));

  await disk.fill();
  // The last blocks of the broker's files still have room for some events.
  for (const batch of numbers(10)) await scene.append(...numbers(100).map((n) => scene.event(`aggregate-${batch}`, n)));
  await eventually(() =>
    expect(linesOf('warn')).toContainEqual(
      expect.stringMatching(/^publishing to .* failing: .*no space left on device$/),
    ),
  );
  expect(await scene.count('pending')).toBeGreaterThan(0);

  await disk.free();
  await eventually(async () => {
    expect(await scene.count('pending')).toBe(0);
    expect(await scene.count('effects')).toBe(1001);
  });
  expect(await scene.count('dead_letters')).toBe(0);
  expect(linesOf('error')).toEqual([]);
});
