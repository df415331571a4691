import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { createLogger } from '@shop/process';
import { eventually } from '@shop/testing';
import { SubgraphClient, type SubgraphClientOptions } from './subgraph-client.ts';

/** One instance of a subgraph. */
interface Instance {
  readonly url: string;
  /** Operations that it received. */
  readonly received: string[];
  probes: number;
  /** While true, it accepts connections and reads requests, and answers nothing. */
  isFrozen: boolean;
  stop(): Promise<void>;
  start(): Promise<void>;
}

const instances: Instance[] = [];
let client: SubgraphClient | undefined;
const lines: Record<string, unknown>[] = [];
const logger = createLogger({
  service: 'gateway',
  destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
});

const ok: RequestListener = (_request, response) => void response.end('ok');

async function open(listener: RequestListener = ok, at: { host?: string; port?: number } = {}): Promise<Instance> {
  const { host = '127.0.0.1' } = at;
  let port = at.port ?? 0;
  let server: Server;
  const received: string[] = [];
  const instance = {
    received,
    probes: 0,
    isFrozen: false,
    get url() {
      return `http://${host}:${port}`;
    },
    async start() {
      server = createServer(async (request, response) => {
        if (instance.isFrozen) return;
        if (request.url === '/health/live') instance.probes += 1;
        if (request.url?.startsWith('/health/') === true)
          return void response.end(JSON.stringify({ status: 'ready', checks: {} }));
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        received.push(Buffer.concat(chunks).toString('utf8'));
        listener(request, response);
      });
      await once(server.listen(port, host), 'listening');
      ({ port } = server.address() as AddressInfo);
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  await instance.start();
  instances.push(instance);
  return instance;
}

/** Answers when the test calls `release`. */
function holdAnswers(): { listener: RequestListener; release: () => void } {
  const held: (() => void)[] = [];
  return {
    listener: (_request, response) => void held.push(() => response.end('ok')),
    release: () => held.splice(0).forEach((answer) => answer()),
  };
}

function connect(options: Partial<SubgraphClientOptions> = {}): void {
  const urls = instances.map(({ url }) => url);
  client = new SubgraphClient({ name: 'product', urls, timeoutMs: 20_000, maxAwayMs: 15_000, logger, ...options });
}

/** The text of the answer, or the reason why there is none. */
const post = (body: string, isRepeatable = false) =>
  client!.postGraphQL(body, { 'content-type': 'application/json' }, { isRepeatable: () => isRepeatable }).then(
    ({ text, status }) => (status === 200 ? text : String(status)),
    (error: { reason?: string }) => error.reason,
  );
const repeat = async (times: number, call: () => Promise<unknown>) => {
  for (let time = 0; time < times; time += 1) await call();
};
const state = () => client!.readState(5_000);

afterEach(async () => {
  for (const instance of instances) instance.isFrozen = false;
  await Promise.all(instances.splice(0).map((instance) => instance.stop()));
  await client?.close();
  client = undefined;
  lines.length = 0;
});

test('calls go to the instance with the fewest calls in flight', async () => {
  const held = [holdAnswers(), holdAnswers()];
  const [first, second] = [await open(held[0]!.listener), await open(held[1]!.listener)];
  connect();
  let finished = 0;
  const calls = Array.from({ length: 10 }, (_, number) => post(`call ${number}`).finally(() => (finished += 1)));
  await eventually(() => expect([first.received.length, second.received.length]).toEqual([5, 5]));
  held[0]!.release();
  await eventually(() => expect(finished).toBe(5));
  calls.push(...Array.from({ length: 5 }, (_, number) => post(`later ${number}`)));
  await eventually(() => expect([first.received.length, second.received.length]).toEqual([10, 5]));
  for (const { release } of held) release();
  expect(await Promise.all(calls)).toEqual(calls.map(() => 'ok'));
});

test('calls spread over equal instances', async () => {
  for (let count = 0; count < 3; count += 1) await open();
  connect();
  await repeat(120, () => post('call'));
  // Each gets 40 of 120 on average. Fewer than 10 are less likely than one in a billion.
  expect(instances.map(({ received }) => received.length > 10)).toEqual([true, true, true]);
});

test('no read fails while the instances restart one after the other under load', async () => {
  for (let count = 0; count < 3; count += 1) await open((_request, response) => setImmediate(() => response.end('ok')));
  connect();
  let isStopped = false;
  const answers: unknown[] = [];
  const load = Array.from({ length: 8 }, async (_, worker) => {
    while (!isStopped) answers.push(await post(`read ${worker}`, true));
  });
  const untilFurther = async () => {
    const before = answers.length;
    await eventually(() => expect(answers.length).toBeGreaterThan(before + 50));
  };
  for (const instance of instances) {
    await untilFurther();
    await instance.stop();
    await untilFurther();
    await instance.start();
    await eventually(async () =>
      expect(await state()).toEqual({ status: 'up', instances: { all: 3, up: 3, broken: 0 } }),
    );
  }
  isStopped = true;
  await Promise.all(load);
  expect(new Set(answers)).toEqual(new Set(['ok']));
});

test('a call that could not be sent goes to another instance, even if it is not repeatable', async () => {
  const [first, second] = [await open(), await open()];
  connect();
  await first.stop();
  await repeat(20, async () => expect(await post('write')).toBe('ok'));
  expect(second.received).toHaveLength(20);
  expect(await state()).toEqual({ status: 'up', instances: { all: 2, up: 1, broken: 1 } });
});

test('the addresses of a host name are instances, and they follow the name', async () => {
  const first = await open(ok, { host: '127.0.0.1' });
  const port = Number(new URL(first.url).port);
  const second = await open(ok, { host: '127.0.0.2', port });
  const third = await open(ok, { host: '127.0.0.3', port });
  let addresses = ['127.0.0.1', '127.0.0.2'];
  const lookup: LookupFunction = (_name, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    );
  connect({ urls: [`http://product.test:${port}`], lookup, refreshMs: 20 });
  await repeat(60, async () => expect(await post('call')).toBe('ok'));
  expect([first, second, third].map(({ received }) => received.length > 0)).toEqual([true, true, false]);
  expect(await state()).toMatchObject({ instances: { all: 2, up: 2 } });

  addresses = ['127.0.0.2', '127.0.0.3'];
  await eventually(async () => {
    expect(await post('call')).toBe('ok');
    expect(third.received.length).toBeGreaterThan(0);
  });
  const before = first.received.length;
  await repeat(40, async () => expect(await post('call')).toBe('ok'));
  expect(first.received).toHaveLength(before);
});

test('a name with one address of each family is one instance', async () => {
  await open();
  const port = Number(new URL(instances[0]!.url).port);
  const lookup: LookupFunction = (_name, _options, callback) =>
    callback(null, [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ]);
  connect({ urls: [`http://product.test:${port}`], lookup });
  await repeat(5, async () => expect(await post('call')).toBe('ok'));
  expect(await state()).toEqual({ status: 'up' });
});

describe('a frozen instance', () => {
  test('is noticed by the calls that wait, and further calls fail at once until it works again', async () => {
    const instance = await open();
    connect({ patienceMs: 200 });
    expect(await post('warm up')).toBe('ok');
    instance.isFrozen = true;
    expect(await post('first', true)).toBe('frozen');
    expect(await client!.readState(200)).toMatchObject({ status: 'down', breaker: 'open' });
    expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', subgraph: 'product', reason: 'frozen' }));

    const durations: number[] = [];
    for (let call = 0; call < 200; call += 1) {
      const startedAt = performance.now();
      expect(await post('while frozen', true)).toBe('connection');
      durations.push(performance.now() - startedAt);
    }
    // The median is not moved by pauses of a busy machine.
    expect(durations.sort((a, b) => a - b)[100]).toBeLessThan(50);

    instance.isFrozen = false;
    await eventually(async () => expect(await post('back')).toBe('ok'));
    expect(await state()).toEqual({ status: 'up' });
  });

  test('loses its reads to another instance, and gets no further calls', async () => {
    const [frozen, other] = [await open(), await open()];
    connect({ patienceMs: 200 });
    await repeat(20, () => post('warm up'));
    frozen.isFrozen = true;
    const reads = Array.from({ length: 6 }, (_, number) => post(`read ${number}`, true));
    expect(await Promise.all(reads)).toEqual(reads.map(() => 'ok'));
    const before = other.received.length;
    await repeat(20, async () => expect(await post('write')).toBe('ok'));
    expect(other.received).toHaveLength(before + 20);
  });

  test('is not one that is slow in one operation', async () => {
    const { listener, release } = holdAnswers();
    const instance = await open(listener);
    connect({ patienceMs: 100 });
    const slow = post('slow', true);
    await eventually(() => expect(instance.received).toHaveLength(1));
    await eventually(() => expect(instance.probes).toBeGreaterThan(4));
    release();
    expect(await slow).toBe('ok');
    expect(lines).toEqual([]);
  });
});

describe('too many failures', () => {
  const broken: RequestListener = (_request, response) => void response.writeHead(500).end();

  test('open the breaker, and one call at a time tries whether it can close', async () => {
    let listener = broken;
    const instance = await open((request, response) => listener(request, response));
    connect({ openMs: 200 });
    await repeat(20, async () => expect(await post('call')).toBe('500'));
    expect(await post('open')).toBe('connection');
    expect(await state()).toEqual({ status: 'up', breaker: 'open' });
    expect(instance.received).toHaveLength(20);

    // The first trial fails.
    await eventually(async () => expect(await post('trial')).toBe('500'));
    expect(await post('open again')).toBe('connection');
    expect(instance.received).toHaveLength(21);

    const { listener: hold, release } = holdAnswers();
    listener = hold;
    await eventually(async () => expect(await state()).toEqual({ status: 'up', breaker: 'half-open' }));
    const trial = post('trial');
    expect(await Promise.all([post('other'), post('other')])).toEqual(['connection', 'connection']);
    await eventually(() => expect(instance.received).toHaveLength(22));
    release();
    expect(await trial).toBe('ok');
    listener = ok;
    expect(await post('closed')).toBe('ok');
    expect(await state()).toEqual({ status: 'up' });
  });

  test('must be half of the calls, and at least twenty', async () => {
    await open(
      (_request, response) => void response.writeHead(instances[0]!.received.at(-1) === 'bad' ? 500 : 200).end(),
    );
    connect();
    await repeat(19, async () => expect(await post('bad')).toBe('500'));
    await repeat(20, async () => expect(await post('good')).toBe(''));
    await repeat(15, async () => {
      expect(await post('good')).toBe('');
      expect(await post('bad')).toBe('500');
    });
    expect(await state()).toEqual({ status: 'up' });
  });
});

test('reads whose connections break are sent again within a budget of a tenth of the calls', async () => {
  const instance = await open((request) => void request.socket.destroy());
  connect();
  const reads = Array.from({ length: 100 }, (_, number) => post(`read ${number}`, true));
  expect(await Promise.all(reads)).toEqual(reads.map(() => 'connection'));
  // 100 calls, a tenth of them, and the 10 that each client may spend at once.
  expect(instance.received.length).toBeGreaterThanOrEqual(120);
  expect(instance.received.length).toBeLessThanOrEqual(125);
});

test('no more calls than allowed wait for a subgraph that restarts', async () => {
  const instance = await open();
  connect({ maxWaiting: 10 });
  await instance.stop();
  const calls = Array.from({ length: 30 }, (_, number) => post(`call ${number}`));
  // Those beyond the limit fail before the subgraph is back.
  const outcomes: unknown[] = [];
  for (const call of calls) void call.then((outcome) => outcomes.push(outcome));
  await eventually(() => expect(outcomes).toEqual(Array(20).fill('connection')));
  await instance.start();
  await Promise.all(calls);
  expect(outcomes.slice(20)).toEqual(Array(10).fill('ok'));
});

test('a document is got from any instance that works', async () => {
  const [first] = [await open(), await open()];
  connect();
  await first.stop();
  await repeat(10, async () => expect(await client!.get('/keys', 5_000)).toMatchObject({ status: 200, text: 'ok' }));
});
