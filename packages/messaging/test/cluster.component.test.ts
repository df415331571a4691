import { eventually, type NatsCluster, startNatsCluster } from '@shop/testing';
import { connect, type ConsumerInfo, type StreamInfo } from 'nats';
import { jest } from '@jest/globals';
import { connectBroker, durableName, type Broker } from '../src/index.ts';
import { Scene } from './fixtures/scene.ts';
import { Servers } from './fixtures/servers.ts';

// Each election takes up to 9 s.
jest.setTimeout(180_000);
const patience = { timeoutMs: 60_000 };

let servers: Servers;
let cluster: NatsCluster;
let scene: Scene;
const brokers: Broker[] = [];

beforeAll(async () => {
  servers = await Servers.start({ nats: false });
});
afterEach(async () => {
  await scene?.stop();
  await Promise.all(brokers.splice(0).map((broker) => broker.close()));
  await cluster?.stop();
});
afterAll(() => servers?.stop());

async function connectAs(service: string, replicas: number): Promise<Broker> {
  const { topology, logger } = scene;
  const broker = await connectBroker({ url: cluster.url(), service, topology, replicas, logger });
  brokers.push(broker);
  return broker;
}

/** Reads the broker's own view of the scene's stream and consumer, over any server that answers. */
async function inspect(): Promise<{ stream: StreamInfo; consumer: ConsumerInfo }> {
  const nats = await connect({ servers: cluster.url().replaceAll('nats://', '').split(','), timeout: 2_000 });
  try {
    const manager = await nats.jetstreamManager({ checkAPI: false, timeout: 2_000 });
    const { name } = scene.stream;
    return {
      stream: await manager.streams.info(name),
      consumer: await manager.consumers.info(name, durableName(scene.consumer)),
    };
  } finally {
    await nats.close();
  }
}

/** The servers that hold a stream or a consumer, without those that are behind. */
const countHolders = ({ cluster: raft }: StreamInfo | ConsumerInfo): number =>
  1 + (raft?.replicas ?? []).filter(({ current, offline }) => current && !offline).length;

const expectReplicas = (replicas: number): Promise<void> =>
  eventually(async () => {
    const { stream, consumer } = await inspect();
    expect([stream.config.num_replicas, countHolders(stream), countHolders(consumer)]).toEqual([
      replicas,
      replicas,
      replicas,
    ]);
  }, patience);

const warnings = (text: RegExp) =>
  scene.logger.lines.filter(({ level, message }) => level === 'warn' && text.test(message));

test('streams and consumers get their replicas, also when the number changes while they are used', async () => {
  cluster = await startNatsCluster();
  scene = await Scene.create(servers);
  const append = async (total: number): Promise<void> => {
    await scene.append(scene.event('a', total));
    await eventually(async () => expect(await scene.count('effects')).toBe(total), patience);
  };
  const single = await scene.relay({ broker: await connectAs('writer', 1) });
  await scene.consume({ broker: await connectAs('reader', 1) });
  await append(1);
  await expectReplicas(1);

  // The next release of the publisher asks for three, while the consumer goes on.
  await single.stop();
  const tripled = await scene.relay({ broker: await connectAs('writer', 3) });
  await append(2);
  await expectReplicas(3);
  await expect(tripled.requireReplicated()).resolves.toBeUndefined();

  // Any server may go, and events go on.
  const { stream } = await inspect();
  const leader = cluster.nodes.find(({ name }) => name === stream.cluster?.leader);
  await leader?.kill();
  await append(3);
  await leader?.start();
  await expectReplicas(3);

  await tripled.stop();
  await scene.relay({ broker: await connectAs('writer', 1) });
  await append(4);
  await expectReplicas(1);
  // On a busy machine, a server may be late, so that the others take it for offline for a moment.
  expect(warnings(/replicas(?!.*peer offline)/)).toEqual([]);
});

test('a cluster that is too small gets the stream with fewer replicas, and the others when servers join', async () => {
  cluster = await startNatsCluster({ running: 2 });
  scene = await Scene.create(servers);
  const relay = await scene.relay({ broker: await connectAs('writer', 3), verifyMs: 500 });
  await scene.consume({ broker: await connectAs('reader', 3) });
  await scene.append(scene.event('a', 1));
  await eventually(async () => expect(await scene.count('effects')).toBe(1), patience);
  const tooSmall =
    /^the stream S\d+ has 1 of 3 replicas \(.+\)\. Add servers to the cluster of the broker, or set NATS_REPLICAS to 1$/;
  await eventually(() => expect(relay.requireReplicated()).rejects.toThrow(tooSmall), patience);
  expect(warnings(/^replication of S\d+ failing: the stream S\d+ has 1 of 3 replicas/)).toHaveLength(1);

  await cluster.nodes[2]?.start();
  await expectReplicas(3);
  await eventually(() => expect(relay.requireReplicated()).resolves.toBeUndefined(), patience);
});

test('a server without a cluster holds one replica, and says why', async () => {
  await servers.startNats();
  scene = await Scene.create(servers);
  const { topology, logger } = scene;
  const broker = await connectBroker({ url: servers.natsUrl(), service: 'writer', topology, replicas: 3, logger });
  brokers.push(broker);
  const relay = await scene.relay({ broker });
  await scene.consume();
  await scene.append(scene.event('a', 1));
  await eventually(async () => expect(await scene.count('effects')).toBe(1), patience);
  const alone = /has 1 of 3 replicas \(the broker is one server without/;
  await eventually(() => expect(relay.requireReplicated()).rejects.toThrow(alone), patience);
});

test('a server that is of no use is left for another one after ten seconds', async () => {
  cluster = await startNatsCluster();
  scene = await Scene.create(servers);
  const { link } = await connectAs('writer', 1);
  const first = link.nats?.getServer();
  expect(first).toBeDefined();
  const began = performance.now();
  await eventually(() => {
    if (link.nats?.getServer() === first) link.noteService(false);
    expect(link.nats?.getServer()).toMatch(/:\d+$/);
    expect(link.nats?.getServer()).not.toBe(first);
  }, patience);
  expect(performance.now() - began).toBeGreaterThan(10_000);
  // The client may try the same server once more before another one.
  expect(warnings(/cut off from its cluster, another one is tried/)).not.toHaveLength(0);
});
