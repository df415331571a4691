import { natsUsers } from '@shop/stack';
import { eventually } from '@shop/testing';
import { connect, ErrorCode } from 'nats';
import type { NatsConnection } from 'nats';
import { connectBroker, durableName, RequestFailed } from '../src/index.ts';
import type { Broker, RequestDefinition, Topology } from '../src/index.ts';
import { recordingLogger } from './fixtures/recording-logger.ts';
import { Scene } from './fixtures/scene.ts';
import { Servers } from './fixtures/servers.ts';

const question: RequestDefinition = { subject: 'test.request.double.v1', requester: 'writer', responder: 'reader' };
/** The stream of a scene, and one that the tested services do not use. */
const topology: Topology = {
  streams: [
    { name: 'S1', publisher: 'writer', subjects: ['test.s1.>'] },
    { name: 'OTHER', publisher: 'stranger', subjects: ['test.other.>'] },
  ],
  consumers: [
    { subscriber: 'reader', stream: 'S1', subjects: ['test.s1.counted.v1'] },
    { subscriber: 'stranger', stream: 'S1', subjects: ['test.s1.counted.v1'] },
  ],
  requests: [question],
};

let servers: Servers;
let logger: ReturnType<typeof recordingLogger>;
const brokers: Broker[] = [];

beforeAll(async () => {
  servers = await Servers.start({ users: natsUsers(topology, (user) => `p@ss/word:${user}`) });
});
afterAll(() => servers?.stop());
beforeEach(() => {
  logger = recordingLogger();
});
afterEach(async () => {
  await Promise.all(brokers.splice(0).map((broker) => broker.close()));
});

async function broker(service: string): Promise<Broker> {
  const connected = await connectBroker({ url: servers.natsUrl(service), service, topology, logger });
  brokers.push(connected);
  return connected;
}

const failure = async (request: Promise<unknown>): Promise<string> => {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RequestFailed);
  return (error as RequestFailed).reason;
};

test('relay and consumer work with the permissions of the topology', async () => {
  const scene = await Scene.create(servers, 1);
  expect(scene.stream.name).toBe('S1');
  try {
    await scene.relay({ broker: await scene.connect('writer', servers.natsUrl('writer')) });
    await scene.consume({ broker: await scene.connect('reader', servers.natsUrl('reader')) });
    await scene.append(scene.event('a', 1), scene.event('a', 2));
    await eventually(async () => expect(await scene.count('effects')).toBe(2));
    // The same permissions allow to update changed settings.
    await scene.relay({
      broker: await scene.connect('writer', servers.natsUrl('writer')),
      stream: { ...scene.stream, maxAgeMs: 3_600_000 },
    });
    await scene.consume({ broker: await scene.connect('reader', servers.natsUrl('reader')), maxAckPending: 99 });
    await scene.append(scene.event('a', 3));
    await eventually(async () => expect(await scene.count('effects')).toBe(3));
    await scene.stop();
    expect(scene.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  } finally {
    await scene.stop();
  }
});

describe('the broker rejects a service', () => {
  let nats: NatsConnection;
  beforeEach(async () => {
    nats = await connect({
      port: servers.natsPort,
      user: 'stranger',
      pass: 'p@ss/word:stranger',
      inboxPrefix: '_INBOX_stranger',
    });
  });
  afterEach(() => nats.close());

  /** Returns the subject of the next violation that the broker reports. */
  const violation = async (attempt: () => void): Promise<string | undefined> => {
    const statuses = nats.status()[Symbol.asyncIterator]();
    attempt();
    for (;;) {
      const { value } = await statuses.next();
      if (value?.data === ErrorCode.PermissionsViolation) return value.permissionContext?.subject;
    }
  };

  const readers = durableName({ subscriber: 'reader', stream: 'S1' });
  test.each([
    'test.s1.counted.v1',
    question.subject,
    '$JS.API.STREAM.CREATE.S1',
    '$JS.API.STREAM.UPDATE.S1',
    '$JS.API.STREAM.DELETE.S1',
    '$JS.API.STREAM.PURGE.S1',
    '$JS.API.STREAM.PURGE.OTHER',
    `outbox.compare.${readers}`,
    `outbox.deliver.${readers}`,
    '$JS.API.STREAM.MSG.GET.S1',
    '$JS.API.DIRECT.GET.S1',
    '$JS.API.STREAM.LIST',
    '$JS.API.INFO',
    `$JS.API.CONSUMER.MSG.NEXT.S1.${readers}`,
    `$JS.API.CONSUMER.DELETE.S1.${readers}`,
    `$JS.API.CONSUMER.DURABLE.CREATE.S1.${readers}`,
    '$JS.API.CONSUMER.CREATE.S1',
    '$JS.API.CONSUMER.CREATE.S1.mine',
    `$JS.ACK.S1.${readers}.1.1.1.1.0`,
    '_INBOX_reader.forged',
  ])('publishing to %s', async (subject) => {
    expect(await violation(() => nats.publish(subject, '{}'))).toBe(subject);
  });

  test.each([
    '>',
    'test.>',
    '_INBOX.>',
    '_INBOX_reader.>',
    question.subject,
    `outbox.deliver.${readers}`,
    '$JS.API.>',
    '$SYS.>',
  ])('subscribing to %s', async (subject) => {
    expect(await violation(() => void nats.subscribe(subject, { callback: () => {} }))).toBe(subject);
  });
});

test('logs what the broker rejects', async () => {
  const stranger = await broker('stranger');
  expect(await failure(stranger.request(question, 1, { timeoutMs: 300 }))).toBe('refused');
  await eventually(() =>
    expect(logger.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      `the broker refused: publish to ${question.subject}`,
    ]),
  );
});

describe('requests', () => {
  test('are answered by one replica', async () => {
    let answered = 0;
    for (let replica = 0; replica < 3; replica += 1) {
      (await broker('reader')).respond(question, async (payload) => {
        answered += 1;
        return { double: (payload as { n: number }).n * 2 };
      });
    }
    expect(await (await broker('writer')).request(question, { n: 21 })).toEqual({ double: 42 });
    expect(answered).toBe(1);
  });

  test('fail at once when nobody answers', async () => {
    const start = performance.now();
    expect(await failure((await broker('writer')).request(question, 1))).toBe('no-responders');
    expect(performance.now() - start).toBeLessThan(30_000);
  });

  test('fail after the timeout', async () => {
    let answer = (): void => {};
    (await broker('reader')).respond(
      question,
      () =>
        new Promise<void>((resolve) => {
          answer = resolve;
        }),
    );
    expect(await failure((await broker('writer')).request(question, 1, { timeoutMs: 100 }))).toBe('timeout');
    answer();
  });

  test('are rejected without a reason when answering fails', async () => {
    (await broker('reader')).respond(question, async () => {
      throw new Error('secret');
    });
    expect(await failure((await broker('writer')).request(question, 1))).toBe('rejected');
    expect(
      logger.lines.some(
        ({ message, fields }) =>
          message === 'a request could not be answered' && String(fields['err']).includes('secret'),
      ),
    ).toBe(true);
  });

  test('fail while the broker is away, and work again when it is back', async () => {
    (await broker('reader')).respond(question, async (payload) => payload);
    const writer = await broker('writer');
    expect(await writer.request(question, 1)).toBe(1);
    await servers.killNats();
    await eventually(() => expect(writer.isConnected()).toBe(false));
    expect(writer.status).toBe('disconnected');
    expect(await failure(writer.request(question, 2))).toBe('disconnected');
    await servers.startNats();
    await eventually(async () => expect(await writer.request(question, 3)).toBe(3));
    expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(2); // one for each connection
  });

  test('are answered if they arrived before closing', async () => {
    const reader = await broker('reader');
    let asked = (): void => {};
    const received = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let answer = (_value: string): void => {};
    reader.respond(question, () => {
      asked();
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    const request = (await broker('writer')).request(question, 1);
    await received;
    const closed = reader.close();
    answer('still here');
    expect(await request).toBe('still here');
    await closed;
    expect(reader.status).toBe('closed');
  });
});

test('a wrong password is reported as an outage, without the password', async () => {
  const url = new URL(servers.natsUrl('writer'));
  url.password = 'wrong';
  const refused = await connectBroker({ url: url.toString(), service: 'writer', topology, logger });
  brokers.push(refused);
  await eventually(() => expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1));
  expect(refused.isConnected()).toBe(false);
  expect(JSON.stringify(logger.lines)).not.toContain('wrong');
});
