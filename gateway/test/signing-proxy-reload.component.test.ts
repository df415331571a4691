import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { composeServices } from '@apollo/composition';
import { eventually, temporaryDirectory } from '@shop/testing';
import { parse } from 'graphql';
import { hashSdl } from '../src/supergraph/index.ts';
import { createSigningKey, signAccessToken, type SigningKey } from './keys.ts';
import { startProxiedSubgraph, type ProxiedSubgraph } from './proxied-subgraph.ts';
import { startTestedProxy, type TestedProxy } from './tested-proxy.ts';

const quick = { intervalMs: 50, settleMs: 20 };

/** The subgraphs. Those with the same name are two places of one subgraph. */
const names = { films: 'films', moved: 'films', reviews: 'reviews' };

type Place = keyof typeof names;

let internalKey: SigningKey;
let accessKey: SigningKey;
let places: Record<Place, ProxiedSubgraph>;
let proxy: TestedProxy;
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let file: string;

beforeAll(async () => {
  [internalKey, accessKey] = [await createSigningKey('internal-1'), await createSigningKey('access-1')];
});
beforeEach(async () => {
  folder = await temporaryDirectory();
  file = path.join(folder.path, 'supergraph.graphql');
  const start = async (place: Place) => {
    const answer = JSON.stringify({ data: { place } });
    return startProxiedSubgraph({ name: names[place], internalKey, accessKey, answer });
  };
  places = { films: await start('films'), moved: await start('moved'), reviews: await start('reviews') };
});
afterEach(async () => {
  const closing = proxy.close();
  for (const { sockets } of Object.values(places)) for (const socket of sockets) socket.destroy();
  await closing;
  await proxy.signing.close();
  await Promise.all(Object.values(places).map((place) => place.close()));
  await folder.remove();
});

/** The supergraph with a field `edition<n>` and subgraphs in these places. */
function compose(edition: number, ...used: Place[]): string {
  const { supergraphSdl, errors } = composeServices(
    used.map((place) => ({
      name: names[place],
      url: places[place].url,
      typeDefs: parse(
        `type Query { ${names[place]}: [String!]! ${place === used[0] ? `edition${edition}: Int` : ''} }`,
      ),
    })),
  );
  if (supergraphSdl === undefined) throw new Error(errors?.join('\n'));
  return supergraphSdl;
}

/** As an editor or a deployment does. */
function replaceFile(sdl: string): void {
  writeFileSync(`${file}.new`, sdl);
  renameSync(`${file}.new`, file);
}

async function start(sdl: string, follow = quick): Promise<void> {
  replaceFile(sdl);
  const config = { jwksUrl: `${places.films.url}/jwks` };
  proxy = await startTestedProxy({ sdl, internalKey, config, follow: { file, ...follow } });
}

/** Replaces the file, and waits until its supergraph is served. */
async function serve(sdl: string): Promise<void> {
  replaceFile(sdl);
  await eventually(async () =>
    expect(await proxy.readMetric(`shop_gateway_supergraph_info{hash="${hashSdl(sdl)}"}`)).toBe(1),
  );
}

/** The status of a call, and the place that answered. */
async function call(name: string, headers: Record<string, string> = {}) {
  const response = await proxy.call('{ __typename }', headers, `/${name}`);
  const { data } = (await response.json()) as { data?: { place: string } };
  return [response.status, data?.place];
}

/** Holds the next calls of a place. */
function hold(place: Place): { finish: () => void } {
  const waiting: (() => void)[] = [];
  const { handle } = places[place];
  places[place].handle = (seen, response) => void waiting.push(() => handle(seen, response));
  return { finish: () => waiting.forEach((answer) => answer()) };
}

/** Waits for less time than an idle connection stays open. */
const expectClosed = (place: Place) =>
  eventually(() => expect(places[place].sockets.size).toBe(0), { timeoutMs: 8_000 });

const refusals = () => proxy.lines.filter(({ msg }) => String(msg).includes('is not served'));
const countReloads = (outcome: string) =>
  proxy.readMetric(`shop_gateway_supergraph_reloads_total{outcome="${outcome}"}`);
const readReadiness = async () => {
  const response = await fetch(`${proxy.url}/health/ready`);
  return [response.status, await response.json()];
};

test('no call fails while the file is replaced ten times, once by a broken one', async () => {
  await start(compose(0, 'films', 'reviews'));
  const headers = { authorization: `Bearer ${await signAccessToken(accessKey)}` };
  let isDone = false;
  const answers = { right: 0, wrong: [] as unknown[] };
  const clients = Array.from({ length: 6 }, async (_, client) => {
    for (let turn = client; !isDone; turn += 1) {
      const isFilm = turn % 2 === 0;
      const answer = await call(isFilm ? 'films' : 'reviews', client % 3 === 0 ? headers : {}).catch((error) => error);
      const [status, place] = answer as unknown[];
      const isRight = status === 200 && (isFilm ? place === 'films' || place === 'moved' : place === 'reviews');
      if (isRight) answers.right += 1;
      else answers.wrong.push(answer);
      await sleep(5);
    }
  });
  try {
    for (let edition = 1; edition <= 10; edition += 1) {
      const place = edition % 2 === 0 ? 'films' : 'moved';
      const sdl = compose(edition, place, 'reviews');
      if (edition === 5) {
        replaceFile(sdl.slice(0, sdl.length / 2));
        await eventually(() => expect(refusals()).toHaveLength(1));
      }
      await serve(sdl);
      expect(await call('films')).toEqual([200, place]);
    }
  } finally {
    isDone = true;
    await Promise.all(clients);
  }
  expect(answers.wrong).toEqual([]);
  expect(answers.right).toBeGreaterThan(100);
  expect([await countReloads('loaded'), await countReloads('refused')]).toEqual([10, 1]);
});

test('a call in flight is answered by the old place, whose connections then close, and new calls go to the new one', async () => {
  await start(compose(0, 'films'));
  const held = hold('films');
  const pending = [call('films'), call('films')];
  await eventually(() => expect(places.films.seen).toHaveLength(2));
  await serve(compose(0, 'moved'));
  expect(await call('films')).toEqual([200, 'moved']);
  expect(await proxy.readMetric('shop_gateway_supergraphs')).toBe(2);
  expect(places.films.sockets.size).toBe(2);
  held.finish();
  expect(await Promise.all(pending)).toEqual([
    [200, 'films'],
    [200, 'films'],
  ]);
  await eventually(async () => expect(await proxy.readMetric('shop_gateway_supergraphs')).toBe(1));
  await expectClosed('films');
  expect(places.films.seen).toHaveLength(2);
});

test('a call whose connection breaks after its subgraph was moved is sent again to the old place', async () => {
  await start(compose(0, 'films'));
  // The subgraph learns the clock.
  await call('films');
  let breakConnection = (): void => {};
  const { handle } = places.films;
  places.films.handle = (_seen, response) => void (breakConnection = () => response.socket?.destroy());
  const pending = call('films');
  await eventually(() => expect(places.films.seen).toHaveLength(2));
  await serve(compose(0, 'moved'));
  places.films.handle = handle;
  breakConnection();
  expect(await pending).toEqual([200, 'films']);
  expect(places.films.seen).toHaveLength(3);
});

test('a new subgraph gets a route, a removed one gets 404, and one that stays keeps its connection', async () => {
  await start(compose(0, 'films'));
  expect([await call('films'), await call('reviews')]).toEqual([
    [200, 'films'],
    [404, undefined],
  ]);
  const [socket] = places.films.sockets;
  await serve(compose(0, 'films', 'reviews'));
  expect([await call('films'), await call('reviews')]).toEqual([
    [200, 'films'],
    [200, 'reviews'],
  ]);
  await serve(compose(1, 'films'));
  expect([await call('films'), await call('reviews')]).toEqual([
    [200, 'films'],
    [404, undefined],
  ]);
  expect([...places.films.sockets]).toEqual([socket]);
  expect(places.reviews.seen).toHaveLength(1);
  await expectClosed('reviews');
});

test('a subgraph that is removed while the body of a call arrives is not found', async () => {
  await start(compose(0, 'films', 'reviews'));
  const body = JSON.stringify({ query: '{ __typename }' });
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
  socket.write(
    `POST /reviews HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
  );
  // The route is found before the body is read. A later request shows that it was.
  await call('films');
  await serve(compose(0, 'films'));
  socket.write(body.slice(5));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 404 /);
  expect(places.reviews.seen).toEqual([]);
});

describe('a file that cannot be served', () => {
  const withoutUrl = () => compose(1, 'films').replaceAll(places.films.url, '');

  test.each([
    ['has no GraphQL', () => 'not GraphQL at all }', /\w{3}/],
    ['is empty', () => '', /\w{3}/],
    ['has a subgraph without a URL', withoutUrl, /Set SUBGRAPH_FILMS_URL/],
  ])(
    'because it %s changes nothing, is logged once, and is tried again when it changes',
    async (_why, write, reason) => {
      await start(compose(0, 'films'));
      expect(await readReadiness()).toEqual([200, { status: 'ready', checks: { supergraph: { status: 'up' } } }]);
      replaceFile(write());
      await eventually(() => expect(refusals()).toHaveLength(1));
      await sleep(10 * quick.intervalMs);
      expect(refusals()).toEqual([
        expect.objectContaining({ level: 'error', file, reason: expect.stringMatching(reason) }),
      ]);
      expect(await call('films')).toEqual([200, 'films']);
      expect([await countReloads('loaded'), await countReloads('refused')]).toEqual([0, 1]);
      expect(await readReadiness()).toEqual([
        200,
        { status: 'ready', checks: { supergraph: { status: 'up' } }, behind: ['a new supergraph'] },
      ]);
      expect(await proxy.readMetric('shop_overdue_work{work="a new supergraph"}')).toBe(1);
      expect(await proxy.readMetric('shop_gateway_supergraphs')).toBe(1);
      await serve(compose(1, 'moved'));
      expect(await call('films')).toEqual([200, 'moved']);
      expect(await readReadiness()).toEqual([200, { status: 'ready', checks: { supergraph: { status: 'up' } } }]);
    },
  );

  test('because it was deleted is served again when it is back', async () => {
    await start(compose(0, 'films'));
    rmSync(file);
    await eventually(() => expect(refusals()[0]).toMatchObject({ reason: 'it cannot be read (ENOENT)' }));
    expect(await call('films')).toEqual([200, 'films']);
    await serve(compose(1, 'moved'));
    expect(await call('films')).toEqual([200, 'moved']);
  });
});

test('reload loads the file at once', async () => {
  await start(compose(0, 'films'), { intervalMs: 600_000, settleMs: 1 });
  replaceFile(compose(0, 'moved'));
  await proxy.reload();
  expect(await call('films')).toEqual([200, 'moved']);
});

test('a proxy that closes during a reload finishes its calls', async () => {
  await start(compose(0, 'films'));
  const held = hold('films');
  const pending = call('films');
  await eventually(() => expect(places.films.seen).toHaveLength(1));
  await serve(compose(0, 'moved'));
  const closing = proxy.close().then(() => proxy.signing.close());
  await eventually(() => expect(fetch(`${proxy.url}/health/live`)).rejects.toThrow());
  held.finish();
  expect(await pending).toEqual([200, 'films']);
  await closing;
});
