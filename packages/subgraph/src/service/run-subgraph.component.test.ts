import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { jest } from '@jest/globals';
import { connectBroker, fromPg, newEvent, on, appendToOutbox, pgTransact, startRelay } from '@shop/messaging';
import { ConfigError, createInternalTokenSigner, createLifetime, createLogger, type Readiness } from '@shop/process';
import { startNats } from '@shop/stack';
import { eventually, startTestDatabase, temporaryDirectory } from '@shop/testing';
import { exportJWK, generateKeyPair } from 'jose';
import pg from 'pg';
import { z } from 'zod';
import { type Database, openPool } from '../database/database.ts';
import type { RawSqlClient } from '../database/sql.ts';
import { answer } from '../messages/answer.ts';
import { defineSubgraph, type SubgraphResources } from './define-subgraph.ts';
import { wireSubgraph } from './run-subgraph.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
const stops: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const stop of stops) await stop();
});

const weighed = {
  type: 'test.scales.weighed.v1',
  source: '/scales',
  parse: (data: unknown) => z.object({ grams: z.int() }).parse(data),
};
const tared = { ...weighed, type: 'test.scales.tared.v1' };
const findWeight = {
  subject: 'test.request.kitchen.weight.v1',
  responder: 'kitchen',
  request: z.object({ name: z.string() }),
  response: z.object({ grams: z.int() }),
};
const deadLettered = {
  type: 'test.kitchen.dead_lettered.v1',
  source: '/kitchen',
  parse: (data: unknown) => z.object({ consumer: z.string(), eventType: z.string(), eventId: z.string() }).parse(data),
};
const streams = [
  { name: 'KITCHEN', publisher: 'kitchen', subjects: ['test.kitchen.>'], maxBytes: 10_000_000 },
  { name: 'SCALES', publisher: 'scales', subjects: ['test.scales.>'], maxBytes: 10_000_000 },
] as const;
const consumers = [{ subscriber: 'kitchen', stream: 'SCALES', subjects: [weighed.type] }];
const topology = { streams, consumers, requests: [{ ...findWeight, requester: 'scales' }] };
const service = {
  name: 'kitchen',
  port: 0,
  findMetricsPort: (base: number) => base,
  stream: streams[0],
  consumers,
  deadLettered,
  topology,
};

let env: NodeJS.ProcessEnv;
let natsUrl: string;
let databaseUrl: string;
let pool: pg.Pool;
let signer: ReturnType<typeof createInternalTokenSigner>;

beforeAll(async () => {
  const directory = await temporaryDirectory();
  stops.unshift(() => directory.remove());
  const database = await startTestDatabase('user');
  stops.unshift(() => database.stop());
  databaseUrl = database.url;
  const nats = await startNats({ dataDir: path.join(directory.path, 'nats') });
  stops.unshift(() => nats.stop());
  natsUrl = nats.url();
  pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  stops.unshift(() => pool.end());
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  signer = createInternalTokenSigner({ privateJwk: { ...(await exportJWK(pair.privateKey)), kid: 'k' } });
  env = {
    LOG_LEVEL: 'silent',
    KITCHEN_PORT: '0',
    METRICS_PORT: '0',
    KITCHEN_DATABASE_URL: databaseUrl,
    NATS_URL: natsUrl,
    INTERNAL_TOKEN_JWKS: JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k' }] }),
    SCOOPS: '3',
  };
});

const readConfig = (given: NodeJS.ProcessEnv) => {
  if (given['SCOOPS'] === undefined) throw new ConfigError('kitchen', ['SCOOPS is missing']);
  return { scoops: Number(given['SCOOPS']) };
};

/** A client as Prisma's, over a pool of `pg`. */
function openDatabase(url: string): Database<RawSqlClient, RawSqlClient> {
  const pool = openPool(url, { max: 4 });
  return databaseOn(pool, (timeoutMs) => databaseOn(pool.limitStatements(timeoutMs)));
}

function databaseOn(
  own: pg.Pool,
  limitStatements: (timeoutMs: number) => Database<RawSqlClient, RawSqlClient> = () => databaseOn(own),
): Database<RawSqlClient, RawSqlClient> {
  const over = (client: pg.Pool | pg.PoolClient): RawSqlClient => ({
    $queryRawUnsafe: (text, ...values) => fromPg(client).query(text, values),
  });
  return {
    client: over(own),
    reads: fromPg(own),
    lists: fromPg(own),
    transact: (work) => pgTransact(own)((client) => work(over(client))),
    readPool: () => ({ max: 4, open: own.totalCount, idle: own.idleCount, waiting: own.waitingCount }),
    onCommitted: () => {},
    ping: async () => void (await own.query('SELECT 1')),
    close: () => own.end(),
    limitStatements,
  };
}

function kitchen() {
  const seen: string[] = [];
  const time = { now: (): Date => new Date(NaN) };
  let scrape = async (): Promise<string> => '';
  const definition = defineSubgraph({
    service,
    schema: 'packages/subgraph/test/kitchen.graphql',
    openDatabase: (url) => openDatabase(url),
    readConfig,
    createDependencies: ({
      config,
      now,
      metrics,
      onStop,
    }: SubgraphResources<Database<RawSqlClient, RawSqlClient>, { scoops: number }>) => {
      onStop('scoop', () => void seen.push('the scoop is put away'));
      time.now = now;
      scrape = async () => (await metrics.scrape()).text;
      return { scoops: config.scoops };
    },
    createContext: ({ scoops }, { viewer }) => ({ scoops, viewer }),
    resolvers: {
      Query: {
        scoops: (
          _parent: unknown,
          _args: unknown,
          { scoops, viewer }: { scoops: number; viewer: { userId: string } },
        ) => `${scoops} for ${viewer.userId}`,
      },
    },
    createHandlers: ({ scoops }) => [
      on(weighed, async ({ data }) => void seen.push(`weighed ${data.grams} g with ${scoops} scoops`)),
    ],
    answers: [
      answer(findWeight, async ({ name }, { scoops }: { scoops: number }) => ({ grams: scoops * name.length })),
    ],
    jobs: [
      {
        name: 'cleaning',
        everyMs: 10,
        work: async ({ scoops }: { scoops: number }) => {
          if (seen.includes('cleaned')) return false;
          seen.push('cleaned');
          return scoops > 3;
        },
      },
    ],
    addRoutes: (app, { scoops }) => void app.get('/scoops', () => ({ scoops })),
  });
  return { seen, time, definition, scrape: () => scrape() };
}

test('a subgraph serves, consumes, answers and does its jobs, and stops in reverse', async () => {
  const { seen, definition, scrape } = kitchen();
  const lifetime = createLifetime(logger);
  const url = await wireSubgraph(definition, lifetime, env);
  expect(await (await fetch(`${url}/scoops`)).json()).toEqual({ scoops: 3 });
  await eventually(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200));

  const token = await signer.sign({ userId: 'ada', sessionId: null, scopes: new Set() }, 'kitchen');
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-internal-token': token },
    body: JSON.stringify({ query: '{ scoops }' }),
  });
  expect(await response.json()).toEqual({ data: { scoops: '3 for ada' } });

  const broker = await connectBroker({ url: natsUrl, service: 'scales', topology, logger });
  const relay = await startRelay({ databaseUrl, broker, stream: streams[1], logger });
  await appendToOutbox(fromPg(pool), [newEvent(weighed, { aggregateId: 'flour', data: { grams: 250 } })]);
  await eventually(() => expect(seen).toContain('weighed 250 g with 3 scoops'));
  await eventually(async () => expect(await broker.request(findWeight, { name: 'flour' })).toEqual({ grams: 15 }));
  expect(seen).toContain('cleaned');

  const unreadable = newEvent({ ...weighed, parse: (data) => data }, { aggregateId: 'salt', data: { grams: 'a lot' } });
  await appendToOutbox(fromPg(pool), [unreadable]);
  await eventually(async () => {
    const { rows } = await pool.query<{ data: unknown }>(
      `SELECT payload->'data' AS data FROM outbox WHERE type = '${deadLettered.type}'`,
    );
    expect(rows).toEqual([
      { data: { consumer: 'kitchen-from-scales', eventType: weighed.type, eventId: unreadable.id } },
    ]);
  });

  const event = `consumer="kitchen-from-scales",event="${weighed.type}"`;
  // A message is counted after its transaction.
  await eventually(async () => {
    const text = await scrape();
    for (const line of [
      `shop_consumer_messages_total{${event},outcome="handled"} 1`,
      `shop_consumer_messages_total{${event},outcome="dead_letter"} 1`,
      `shop_consumer_handling_duration_seconds_count{${event}} 1`,
      'shop_dead_letters{consumer="kitchen-from-scales"} 1',
      'shop_consumer_pending_messages{consumer="kitchen-from-scales"} 0',
      'shop_broker_connected 1',
      'shop_ready 1',
      'shop_health_check_up{check="database"} 1',
      'shop_database_pool_max_connections 4',
      'shop_http_request_duration_seconds_count{route="/graphql",status="200"} 1',
      'shop_collector_up{collector="messages"} 1',
      'shop_collector_up{collector="consumer lag"} 1',
      'shop_trace_spans_total{outcome="dropped"} 0',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).toMatch(/^shop_job_last_success_timestamp_seconds\{job_name="cleaning"\} \d/m);
  });

  await relay.stop();
  await broker.close();
  expect(await lifetime.stop()).toBe(true);
  expect(seen.at(-1)).toBe('the scoop is put away');
  await expect(fetch(`${url}/health/live`)).rejects.toThrow();
});

test('a subgraph serves on a socket in place of its port, with its health', async () => {
  const folder = await temporaryDirectory();
  const lifetime = createLifetime(logger);
  const socketPath = path.join(folder.path, 'kitchen.sock');
  try {
    const url = await wireSubgraph(kitchen().definition, lifetime, { ...env, KITCHEN_SOCKET: socketPath });
    expect(url).toBe(`unix://${socketPath}`);
    const read = async (route: string) => {
      const [response] = (await once(get({ socketPath, path: route }), 'response')) as [IncomingMessage];
      return [response.statusCode, JSON.parse((await response.toArray()).join(''))];
    };
    expect(await read('/scoops')).toEqual([200, { scoops: 3 }]);
    expect(await read('/health/live')).toEqual([200, { status: 'live' }]);
    await eventually(async () => expect(await read('/health/ready')).toMatchObject([200, { status: 'ready' }]));
  } finally {
    await lifetime.stop();
    await folder.remove();
  }
});

test('the database ends a statement of a request at its limit, and a job has the time of its session', async () => {
  const timeouts: unknown[] = [];
  const { definition } = kitchen();
  const slow = {
    ...definition,
    createContext: ({ database }: { database: Database<RawSqlClient, RawSqlClient> }) => ({ database }),
    resolvers: {
      Query: {
        scoops: (_parent: unknown, _args: unknown, { database }: { database: Database<RawSqlClient, RawSqlClient> }) =>
          database.lists.query('SELECT pg_sleep(60)'),
      },
    },
    jobs: [
      {
        name: 'timing',
        everyMs: 600_000,
        work: async ({ database }: { database: Database<RawSqlClient, RawSqlClient> }) => {
          timeouts.push(...(await database.lists.query('SHOW statement_timeout')));
          return false;
        },
      },
    ],
  };
  const lifetime = createLifetime(logger);
  const url = await wireSubgraph(slow as unknown as typeof definition, lifetime, {
    ...env,
    STATEMENT_TIMEOUT_MS: '50',
  });
  try {
    const token = await signer.sign({ userId: 'ada', sessionId: null, scopes: new Set() }, 'kitchen');
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-internal-token': token },
      body: JSON.stringify({ query: '{ scoops }' }),
    });
    const { data, errors } = (await response.json()) as { data: object; errors: { message: string }[] };
    expect(data).toEqual({ scoops: null });
    expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
    expect(errors[0]?.message).not.toContain('statement');
    await eventually(() => expect(timeouts).toEqual([{ statement_timeout: '15s' }]));
  } finally {
    await lifetime.stop();
  }
});

test('use-cases get the time of the database, and the health reports that the host’s clock differs', async () => {
  const { definition, time } = kitchen();
  const lifetime = createLifetime(logger);
  const url = await wireSubgraph(definition, lifetime, env);
  const hour = 3_600_000;
  const { now } = Date;
  const ahead = jest.spyOn(Date, 'now').mockImplementation(() => now() + hour);
  try {
    const { rows } = await pool.query<{ ms: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
    );
    expect(Math.abs(time.now().getTime() - (rows[0]?.ms ?? 0))).toBeLessThan(60_000);
    const { clockDifferenceMs } = (await (await fetch(`${url}/health/ready`)).json()) as Readiness;
    expect(Math.abs((clockDifferenceMs?.['database'] ?? 0) - hour)).toBeLessThan(60_000);
  } finally {
    ahead.mockRestore();
    await lifetime.stop();
  }
});

test('mistakes in common and own configuration are reported together', async () => {
  const { definition } = kitchen();
  const wrong = { ...env, KITCHEN_PORT: 'many', KITCHEN_DATABASE_URL: '', SCOOPS: undefined };
  await expect(wireSubgraph(definition, createLifetime(logger), wrong)).rejects.toMatchObject({
    mistakes: ['KITCHEN_PORT: must be a port number', 'KITCHEN_DATABASE_URL is missing', 'SCOOPS is missing'],
  });
});

describe('a definition that does not match the table of services does not start', () => {
  test.each([
    ['a followed event has no handler', { createHandlers: () => [] }, /no handler for test\.scales\.weighed\.v1/],
    [
      'the event of a handler is not followed',
      { createHandlers: () => [on(weighed, async () => {}), on(tared, async () => {})] },
      'kitchen does not follow test.scales.tared.v1',
    ],
    ['a request has no answer', { answers: [] }, 'kitchen has no answer to test.request.kitchen.weight.v1'],
    [
      'an answer belongs to no request',
      {
        answers: [
          ...(kitchen().definition.answers ?? []),
          answer({ ...findWeight, subject: 'test.x' }, async () => ({ grams: 1 })),
        ],
      },
      'kitchen answers test.x',
    ],
  ])('%s', async (_title, change, message) => {
    const lifetime = createLifetime(logger);
    await expect(wireSubgraph({ ...kitchen().definition, ...change }, lifetime, env)).rejects.toThrow(message);
    expect(await lifetime.stop()).toBe(true);
  });
});
