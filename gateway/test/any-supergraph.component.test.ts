import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually, temporaryDirectory } from '@shop/testing';
import { decodeJwt } from 'jose';
import type { GatewayConfig } from '../src/index.ts';
import { testHive } from './hive-planner.ts';
import { startForeignGateway, type ForeignGateway } from './foreign-gateway.ts';
import { path, startForeignGraph, type ForeignGraph } from './foreign-graph.ts';
import { createSigningKey, signAccessToken } from './keys.ts';
import { execute } from './system.ts';

let graph: ForeignGraph;
let gateway: ForeignGateway;
const start = async (config: Partial<GatewayConfig> = {}) =>
  (gateway = await startForeignGateway(graph.compose(), { config }));

beforeEach(async () => {
  graph = await startForeignGraph();
});
afterEach(async () => {
  await gateway?.close();
  await graph.closeAll();
});

describe.each(['own', 'stock'] as const)('a supergraph that is not the shop’s, with the engine "%s",', (engine) => {
  test('is served from its routing URLs, across subgraphs', async () => {
    const { url } = await start({ engine });
    const { data, errors } = await execute(url, '{ films { id title releasedAt details stars } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      films: [
        {
          id: '1',
          title: 'Metropolis',
          releasedAt: -1_356_998_400,
          details: { cast: ['Helm', { name: 'Abel' }], length: 153.5 },
          stars: '★★★★★',
        },
        { id: '2', title: 'M', releasedAt: -1_221_523_200, details: null, stars: '★★★★' },
      ],
    });
    expect(new Set(graph.calls.map((call) => `${call.subgraph} ${call.method} ${call.url}`))).toEqual(
      new Set([`films POST ${path}`, `film-reviews POST ${path}`]),
    );
  });

  test('has custom scalars that take any JSON, whatever their names are', async () => {
    const { url } = await start({ engine });
    const value = { a: [1, 2.5, null, 'x', { b: true }], __proto__x: 'y' };
    expect((await execute(url, 'query ($value: Json) { echo(value: $value) }', {}, { value })).data).toEqual({
      echo: value,
    });
    expect((await execute(url, '{ echo(value: { a: [1, 2.5, null, "x", { b: true }] }) }')).data).toEqual({
      echo: { a: [1, 2.5, null, 'x', { b: true }] },
    });
    // The shop's DateTime would refuse a number.
    const ids = { data: { since: [{ id: '2' }] } };
    expect(await execute(url, '{ since(time: -1300000000) { id } }')).toMatchObject(ids);
    const byVariable = 'query ($time: DateTime!) { since(time: $time) { id } }';
    expect(await execute(url, byVariable, {}, { time: -1_300_000_000 })).toMatchObject(ids);
  });

  test('has mutations', async () => {
    const { url } = await start({ engine });
    const text = 'mutation ($stars: Stars!) { review(film: "2", stars: $stars) { stars title } }';
    expect((await execute(url, text, {}, { stars: { count: 3 } })).data).toEqual({
      review: { stars: { count: 3 }, title: 'M' },
    });
  });

  test('is served from subgraphs on Unix sockets, by routing URLs and as instances', async () => {
    const [folder, other] = await Promise.all([temporaryDirectory(), temporaryDirectory()]);
    const [first, second] = [await startForeignGraph(folder.path), await startForeignGraph(other.path)];
    try {
      const sdl = first.compose();
      expect(sdl).toContain(`url: "unix://${folder.path}/films.sock?path=${path}"`);
      const subgraphUrls = { SUBGRAPH_FILMS_URL: [first.getUrl('films'), second.getUrl('films')] };
      gateway = await startForeignGateway(sdl, { config: { engine, subgraphUrls } });
      const ask = async () => await execute(gateway.url, '{ films { title stars } }');
      const answer = {
        data: {
          films: [
            { title: 'Metropolis', stars: '★★★★★' },
            { title: 'M', stars: '★★★★' },
          ],
        },
      };
      // One of two is chosen at random.
      for (let turn = 0; turn < 20; turn += 1) expect(await ask()).toMatchObject(answer);
      const count = ({ calls }: ForeignGraph) => calls.filter(({ subgraph }) => subgraph === 'films').length;
      expect([count(first) > 0, count(second) > 0, count(first) + count(second)]).toEqual([true, true, 20]);
      expect(first.calls[0]).toMatchObject({ url: path, headers: { host: 'localhost' } });

      await first.close('films');
      expect(await ask()).toMatchObject(answer);
      await second.close('films');
      const { errors } = await ask();
      expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['SERVICE_UNAVAILABLE']);
      expect(JSON.stringify(errors)).not.toContain('.sock');
    } finally {
      await Promise.all([first.closeAll(), second.closeAll(), folder.remove(), other.remove()]);
    }
  });
});

test('a configured URL has priority over the routing URL, and several are instances', async () => {
  const elsewhere = await startForeignGraph();
  try {
    const sdl = graph.compose().replaceAll(graph.getUrl('films'), '');
    await expect(startForeignGateway(sdl)).rejects.toThrow('Set SUBGRAPH_FILMS_URL');
    const subgraphUrls = { SUBGRAPH_FILMS_URL: [elsewhere.getUrl('films'), graph.getUrl('films')] };
    gateway = await startForeignGateway(sdl, { config: { subgraphUrls } });
    // Each call goes to one of the two at random.
    await eventually(async () => {
      await execute(gateway.url, '{ films { id } }');
      expect(Math.min(graph.calls.length, elsewhere.calls.length)).toBeGreaterThan(0);
    });
    await elsewhere.close('films');
    expect((await execute(gateway.url, '{ films { id } }')).errors).toBeUndefined();
  } finally {
    await elsewhere.closeAll();
  }
});

testHive('Hive’s planner plans, and Apollo’s plans what it refuses', async () => {
  const { url, lines } = await start({ engine: 'own', queryPlanner: 'hive' });
  const films = {
    films: [
      { title: 'Metropolis', stars: '★★★★★' },
      { title: 'M', stars: '★★★★' },
    ],
  };
  const fallbacks = () => lines.filter(({ msg }) => String(msg).includes("Apollo's planner has planned"));
  expect((await execute(url, '{ films { title stars } }')).data).toEqual(films);
  expect(fallbacks()).toEqual([]);
  const both =
    'mutation { a: review(film: "1", stars: "★") { stars title } b: review(film: "2", stars: "★") { title } }';
  expect((await execute(url, both)).data).toEqual({ a: { stars: '★', title: 'Metropolis' }, b: { title: 'M' } });
  expect(fallbacks()).toEqual([expect.objectContaining({ refusal: 'a mutation with several fields' })]);
});

test('health judges subgraphs by their calls, and asks them for nothing', async () => {
  const { url } = await start();
  const readHealth = async () => (await (await fetch(`${url}/health`)).json()) as Record<string, unknown>;
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  expect(await readHealth()).toEqual({
    status: 'ok',
    subgraphs: { films: { status: 'up', judgedBy: 'calls' }, 'film-reviews': { status: 'up', judgedBy: 'calls' } },
  });
  expect(graph.calls).toEqual([]);

  await graph.close('film-reviews');
  const { data, errors } = await execute(url, '{ films { id } reviewer }');
  expect([data, errors?.map(({ extensions }) => extensions['code'])]).toEqual([
    { films: [{ id: '1' }, { id: '2' }], reviewer: null },
    ['SERVICE_UNAVAILABLE'],
  ]);
  expect(await readHealth()).toEqual({
    status: 'degraded',
    subgraphs: {
      films: { status: 'up', judgedBy: 'calls' },
      'film-reviews': { status: 'down', judgedBy: 'calls', breaker: expect.stringMatching(/waiting|open/) as string },
    },
  });
});

test('a breaker probes the endpoint itself, and closes when a call would be answered again', async () => {
  const { url } = await start();
  const server = graph.getUrl('film-reviews');
  await graph.close('film-reviews');
  await execute(url, '{ reviewer }');
  let probed = '';
  const back = createServer((request, response) => {
    if (request.method === 'GET') probed = request.url ?? '';
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"reviewer":"Eisner"}}');
  });
  await new Promise<void>((resolve) => back.listen(Number(new URL(server).port), '127.0.0.1', resolve));
  try {
    await eventually(async () => expect((await execute(url, '{ reviewer }')).data).toEqual({ reviewer: 'Eisner' }));
    expect(probed).toBe(`${path}?query=%7B__typename%7D`);
  } finally {
    back.closeAllConnections();
    back.close();
  }
});

describe('access tokens', () => {
  let issuer: Server;
  let asked: string[];
  afterEach(() => issuer?.close());

  test('are refused where nobody issues them, and anonymous requests work', async () => {
    const { url, lines } = await start();
    const token = await signAccessToken(await createSigningKey('access-1'));
    const answer = await execute(url, '{ films { id } }', { authorization: `Bearer ${token}` });
    expect([answer.status, answer.errors?.[0]]).toEqual([
      401,
      {
        message: 'This gateway accepts no access tokens. Send the request without the authorization header.',
        extensions: { code: 'UNAUTHENTICATED' },
      },
    ]);
    expect((await execute(url, '{ films { id } }')).errors).toBeUndefined();
    expect((await fetch(`${url}/.well-known/jwks.json`)).status).toBe(404);
    expect(lines.map(({ msg }) => msg)).toContain(
      'no subgraph issues access tokens, so all are refused: set JWKS_URL to accept some',
    );
  });

  test('are verified with the keys of JWKS_URL, and all subgraphs get the identity', async () => {
    const key = await createSigningKey('access-1');
    asked = [];
    issuer = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(JSON.stringify({ keys: [key.publicJwk] }));
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    const jwksUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/tenant/keys?v=1`;
    const { url } = await start({ jwksUrl });
    const token = await signAccessToken(key);
    const answer = await execute(url, '{ films { stars } }', { authorization: `Bearer ${token}` });
    expect([answer.status, answer.errors]).toEqual([200, undefined]);
    const forged = await signAccessToken(await createSigningKey('access-1'));
    expect((await execute(url, '{ reviewer }', { authorization: `Bearer ${forged}` })).status).toBe(401);
    expect(asked).toEqual(['/tenant/keys?v=1']);
    expect((await fetch(`${url}/.well-known/jwks.json`)).status).toBe(200);

    const { sub } = decodeJwt(token);
    expect(
      graph.calls.map(({ subgraph, headers }) => {
        const { sub: user, aud } = decodeJwt(String(headers['x-internal-token']));
        return [subgraph, user, aud, headers['authorization']];
      }),
    ).toEqual([
      ['films', sub, 'films', undefined],
      ['film-reviews', sub, 'film-reviews', undefined],
    ]);
  });
});

test('the pages of the shop do not exist', async () => {
  const { url } = await start();
  const page = await fetch(`${url}/verify-email?token=x`);
  expect([page.status, await page.json()]).toMatchObject([404, { errors: [{ extensions: { code: 'NOT_FOUND' } }] }]);
});
