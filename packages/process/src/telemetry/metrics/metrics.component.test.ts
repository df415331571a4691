import { createServer, type AddressInfo } from 'node:net';
import { createLogger } from '../../log/create-logger.ts';
import { startMetricsServer, type RunningMetricsServer } from './metrics-server.ts';
import { Metrics } from './metrics.ts';

const lines: Record<string, unknown>[] = [];
const logger = createLogger({
  service: 'test',
  destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
});
const at = { host: '127.0.0.1', port: 0, logger };

let server: RunningMetricsServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
  logger.level = 'info';
});

test('each process has metrics of its own, and those of Node, on a port of its own', async () => {
  const [metrics, others] = [new Metrics(), new Metrics()];
  for (const each of [metrics, others]) each.counter({ name: 'shop_things_total', help: 'Things', labels: ['kind'] });
  metrics.counter({ name: 'shop_more_total', help: 'More' }).inc(3);
  server = await startMetricsServer({ metrics, ...at });
  const answer = await fetch(`${server.url}/metrics`);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await answer.text();
  expect(text).toContain('\nshop_more_total 3\n');
  expect(text).toMatch(/\nnodejs_eventloop_lag_p99_seconds \d/);
  expect(text).toMatch(/\nprocess_resident_memory_bytes \d/);
  expect(text).toContain('# TYPE nodejs_gc_duration_seconds histogram');
  expect((await others.scrape()).text).not.toContain('shop_more_total');
  expect((await fetch(`${server.url}/graphql`)).status).toBe(404);
});

test('a port in use is reported with the variable to change', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  try {
    await expect(startMetricsServer({ metrics: new Metrics(), ...at, port })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is already in use. Stop the other program, or set METRICS_PORT to another port.`,
    );
  } finally {
    other.close();
  }
});

describe('gauges that are asked for', () => {
  const gauges = { shop_rows: { help: 'Rows' }, shop_rows_by_kind: { help: 'Rows', labels: ['kind'] } };
  const values = { shop_rows: 7, shop_rows_by_kind: [{ labels: { kind: 'a' }, value: 2 }] };

  test('are read once for many scrapes, while the reading is recent', async () => {
    const metrics = new Metrics();
    let reads = 0;
    metrics.collect({
      name: 'rows',
      gauges,
      read: async () => {
        reads += 1;
        return values;
      },
    });
    const scrapes = await Promise.all([metrics.scrape(), metrics.scrape()]);
    scrapes.push(await metrics.scrape());
    for (const { text } of scrapes) {
      expect(text).toContain('\nshop_rows 7\n');
      expect(text).toContain('\nshop_rows_by_kind{kind="a"} 2\n');
      expect(text).toContain('\nshop_collector_up{collector="rows"} 1\n');
    }
    expect(reads).toBe(1);
  });

  test('are absent while their source fails or does not answer, and the others are there', async () => {
    const metrics = new Metrics();
    let source: () => Promise<typeof values> = async () => values;
    let asked = 0;
    metrics.collect({
      name: 'rows',
      gauges,
      maxAgeMs: 0,
      timeoutMs: 50,
      read: () => {
        asked += 1;
        return source();
      },
    });
    metrics.counter({ name: 'shop_more_total', help: 'More' }).inc();
    expect((await metrics.scrape()).text).toContain('\nshop_rows 7\n');

    source = () => Promise.reject(new Error('away'));
    const failing = (await metrics.scrape()).text;
    expect(failing).not.toMatch(/^shop_rows(_by_kind)?[ {]/m);
    expect(failing).toContain('\nshop_collector_up{collector="rows"} 0\n');
    expect(failing).toContain('\nshop_more_total 1\n');

    let answer = (): void => undefined;
    source = () => new Promise((resolve) => (answer = () => resolve(values)));
    asked = 0;
    for (let scrape = 0; scrape < 3; scrape += 1)
      expect((await metrics.scrape()).text).toContain('\nshop_collector_up{collector="rows"} 0\n');
    // However often it is scraped, a slow source has one question.
    expect(asked).toBe(1);
    answer();
    source = async () => values;
    expect((await metrics.scrape()).text).toContain('\nshop_rows 7\n');
  });
});

describe('the level of the log', () => {
  const put = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${server?.url}/log-level`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  test('is changed for some minutes, and is the configured one again', async () => {
    server = await startMetricsServer({ metrics: new Metrics(), ...at });
    logger.debug('before');
    expect(await (await put({ level: 'debug', minutes: 5 })).json()).toEqual({
      level: 'debug',
      configured: 'info',
      until: expect.any(String) as string,
    });
    logger.debug('during');
    expect(await (await fetch(`${server.url}/log-level`)).json()).toMatchObject({ level: 'debug' });
    expect(await (await put({ level: 'info' })).json()).toEqual({ level: 'info', configured: 'info', until: null });
    logger.debug('after');
    expect(lines.filter(({ level }) => level === 'debug').map(({ msg }) => msg)).toEqual(['during']);
    expect(lines.filter(({ msg }) => msg === 'the level of the log changes')).toHaveLength(2);
  });

  test.each([{ level: 'loud' }, { level: 'debug', minutes: 0 }, { level: 'debug', minutes: 100_000 }, {}])(
    'refuses %j',
    async (body) => {
      server = await startMetricsServer({ metrics: new Metrics(), ...at });
      const answer = await put(body);
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('fatal, error, warn, info, debug, trace, silent');
      expect(logger.level).toBe('info');
    },
  );

  test('is not changed for a page that reaches the port under another name', async () => {
    const running = await startMetricsServer({ metrics: new Metrics(), ...at });
    server = running;
    const { request } = await import('node:http');
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const call = request(
        `${running.url}/log-level`,
        { method: 'PUT', headers: { host: 'attacker.example', 'content-type': 'application/json' } },
        (answer) => resolve(answer.resume().statusCode),
      );
      call.on('error', reject).end('{"level":"silent"}');
    });
    expect(status).toBe(403);
    expect(logger.level).toBe('info');
  });
});
