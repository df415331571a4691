import { eventually } from '@shop/testing';
import { createShopClient, memoryTokens, type ShopClient, type ShopClientOptions, type TypedText } from '@shop/client';
import { signAccessToken } from '../../../gateway/test/keys.ts';
import {
  findStream,
  startLiveSystem,
  watch,
  type LiveSystem,
} from '../../../gateway/test/subscriptions/live-system.ts';

interface Watched {
  readonly orderUpdated: { readonly id: string; readonly status: string };
}

/** A document of the client preset with `documentMode: 'string'`. */
class Text extends String implements TypedText<Watched, { id: string }> {
  declare readonly __apiType?: (variables: { id: string }) => Watched;
}

const document = new Text(watch);

let systems: LiveSystem[] = [];
afterEach(async () => {
  for (const system of systems) await system.close();
  systems = [];
});

async function start(options?: Parameters<typeof startLiveSystem>[0]): Promise<LiveSystem> {
  const system = await startLiveSystem(options);
  systems.push(system);
  return system;
}

/** A client that reaches the gateway that was started last, as one behind a load balancer does. */
function connect(options: Partial<ShopClientOptions> = {}): ShopClient {
  const toNewest: typeof fetch = (_url, init) => fetch(`${systems.at(-1)?.gateway.url}/graphql`, init);
  return createShopClient({ url: 'http://shop.invalid/graphql', fetch: toNewest, retry: { firstMs: 1 }, ...options });
}

test('a subscription moves to another gateway when its own stops, and goes on after its last message', async () => {
  const first = await start();
  const messages = connect().subscribe(document, { id: 'o' });
  const pending = messages.next();
  (await findStream(first, 'o')).push('PENDING');
  expect(await pending).toEqual({
    done: false,
    value: { orderUpdated: { __typename: 'Order', id: 'o', status: 'PENDING' } },
  });

  const paid = messages.next();
  const second = await start();
  await first.gateway.close();
  const stream = await findStream(second, 'o');
  expect(stream.after).toBe('p1');
  stream.push('PENDING');
  await eventually(() => expect(stream.taken).toBe(1));
  stream.push('PAID');
  expect((await paid).value?.orderUpdated.status).toBe('PAID');

  const last = messages.next();
  stream.end('complete');
  expect(await last).toEqual({ done: true, value: undefined });
});

test('a subscription goes on with another token when the gateway ends the first', async () => {
  const system = await start();
  system.jwks = [system.accessKey.publicJwk];
  const expiries = [800, 900].map((seconds) => Math.floor(Date.now() / 1000) + seconds);
  const sign = async (exp: number | undefined) => ({
    accessToken: await signAccessToken(system.accessKey, { sub: 'ada', exp }),
    accessTokenExpiresAt: new Date(Date.now() + 900_000).toISOString(),
    refreshToken: 'r',
    refreshTokenExpiresAt: new Date(Date.now() + 900_000).toISOString(),
  });
  const tokens = memoryTokens(await sign(expiries[0]));
  const messages = connect({ tokens }).subscribe(document, { id: 'o' });
  const next = messages.next();
  const stream = await findStream(system, 'o');
  // Another client of the same store has refreshed the tokens.
  await tokens.save(await sign(expiries[1]));
  stream.end('unauthenticated');
  const later = await findStream(system, 'o');
  expect([stream, later].map(({ context }) => context.expiresAt)).toEqual(expiries.map((exp) => exp * 1000));
  later.push('PAID');
  expect((await next).value?.orderUpdated.status).toBe('PAID');
  await messages.return();
});

test('the gateway sees the client leave', async () => {
  const system = await start();
  const messages = connect().subscribe(document, { id: 'o' });
  const next = messages.next();
  const stream = await findStream(system, 'o');
  await messages.return();
  expect(await next).toEqual({ done: true, value: undefined });
  await eventually(() => expect(stream.ending).toBe('closed'));
});

test('a gateway without room is asked for all attempts, and its error is thrown', async () => {
  const system = await start({ config: { subscriptions: { perConnection: 50, perClient: 1, max: 50 } } });
  const first = connect().subscribe(document, { id: 'a' });
  const reading = first.next();
  await findStream(system, 'a');
  const second = connect({ retry: { firstMs: 1, attempts: 2 } }).subscribe(document, { id: 'b' });
  await expect(second.next()).rejects.toMatchObject({ code: 'TOO_MANY_SUBSCRIPTIONS', status: 429 });
  await first.return();
  await reading;
});
