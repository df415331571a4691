import { access, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { topology } from '@shop/contracts';
import { type NatsServer, startNats } from '../src/nats/start.ts';
import { natsUsers } from '../src/nats/users.ts';
import { inspectBinary } from '../src/nats/version.ts';
import { temporaryDirectory } from './project.ts';
import { connectRaw, type RawNatsClient } from './raw-nats-client.ts';

const DEBIANS_OLD_SERVER = '/usr/sbin/nats-server';
const users = natsUsers(topology, (user) => `pass/word of ${user}`);

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let server: NatsServer | undefined;
const clients: RawNatsClient[] = [];

beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server?.stop();
  server = undefined;
});
afterAll(() => directory.remove());

const start = async (options: Partial<Parameters<typeof startNats>[0]> = {}) =>
  (server = await startNats({ dataDir: join(directory.path, 'nats'), users, ...options }));

async function connectAs(user: string, at: NatsServer): Promise<RawNatsClient> {
  const client = await connectRaw(at.url(user));
  clients.push(client);
  return client;
}

describe('permissions', () => {
  test('a service may publish its own subjects only', async () => {
    const order = await connectAs('order', await start());
    expect(await order.exchange('PUB shop.order.created.v1 2\r\n{}')).not.toContain('-ERR');
    for (const subject of [
      'shop.product.created.v1',
      'shop.inventory.reserved.v1',
      'shop.user.created.v1',
      '$JS.API.STREAM.PURGE.ORDER',
      '$JS.API.STREAM.CREATE.PRODUCT',
    ]) {
      expect(await order.exchange(`PUB ${subject} 2\r\n{}`)).toContain(
        `Permissions Violation for Publish to "${subject}"`,
      );
    }
  });

  test('a service may subscribe to its own inbox only', async () => {
    const product = await connectAs('product', await start());
    expect(await product.exchange('SUB _INBOX_product.> 1')).not.toContain('-ERR');
    for (const subject of ['_INBOX_order.>', '_INBOX.>', 'shop.order.>', '>', '$JS.ACK.>']) {
      expect(await product.exchange(`SUB ${subject} 2`)).toContain(
        `Permissions Violation for Subscription to "${subject}"`,
      );
    }
  });

  test('a connection needs the right password', async () => {
    const { url } = await start();
    await expect(connectRaw(url())).rejects.toThrow(/Authorization Violation/);
    await expect(connectRaw(url('order').replace('order:', 'product:'))).rejects.toThrow(/Authorization Violation/);
  });

  test('the operator has all rights', async () => {
    const running = await start();
    expect(await (await connectAs('ops', running)).exchange('SUB > 1')).not.toContain('-ERR');
    expect(await (await connectAs('ops', running)).request('$JS.API.INFO', {})).toMatchObject({
      limits: expect.anything(),
    });
  });
});

describe('startNats', () => {
  test('flushes each second, limits memory and disk, and hides its passwords', async () => {
    await start();
    const file = join(directory.path, 'nats', 'nats.conf');
    const config = await readFile(file, 'utf8');
    expect(config).toMatch(/"sync_interval": "1s"/);
    expect(config).toMatch(/"max_memory_store": 268435456/);
    expect(config).toMatch(/"max_file_store": 4294967296/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('has its streams again after a kill, on the same port', async () => {
    const first = await start();
    const stream = { name: 'KEPT', subjects: ['kept.>'], storage: 'file', retention: 'limits' };
    expect(await (await connectAs('ops', first)).request('$JS.API.STREAM.CREATE.KEPT', stream)).toMatchObject({
      did_create: true,
    });
    expect(await (await connectAs('ops', first)).request('kept.one', { any: 'thing' })).toMatchObject({
      stream: 'KEPT',
      seq: 1,
    });
    first.kill('SIGKILL');
    await first.exited;

    const second = await start({ port: first.port });
    expect(await (await connectAs('ops', second)).request('$JS.API.STREAM.INFO.KEPT', {})).toMatchObject({
      state: { messages: 1 },
    });
  });

  test('names the variable to change when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await expect(start({ port })).rejects.toThrow(`NATS cannot listen on port ${port} (EADDRINUSE). Set NATS_PORT`);
    await new Promise((resolve) => other.close(resolve));
  });

  test('reports why the server refuses its configuration', async () => {
    const broken = [{ name: 'order', password: 'x', permissions: { publish: ['not..valid'], subscribe: [] } }];
    await expect(start({ dataDir: join(directory.path, 'broken'), users: broken })).rejects.toThrow(
      /NATS did not start \(exit code 1\): .*not a valid subject.*nats\.log/,
    );
  });

  test('starts an old server without the settings that it does not know', async () => {
    const old = await access(DEBIANS_OLD_SERVER).then(
      () => inspectBinary(DEBIANS_OLD_SERVER),
      () => null,
    );
    if (old === null || old.version[1] >= 10) return; // this machine has none
    await start({ dataDir: join(directory.path, 'old'), binary: old });
    expect(await readFile(join(directory.path, 'old', 'nats.conf'), 'utf8')).not.toContain('sync_interval');
  });
});
