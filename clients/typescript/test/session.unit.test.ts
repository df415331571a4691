import {
  AdjustStock,
  createShopClient,
  Me,
  memoryTokens,
  NetworkError,
  RevokeAllSessions,
  SessionEndedError,
  signIn,
  signOut,
  webStorageTokens,
  type ShopClientOptions,
  type Tokens,
  type TokenStore,
} from '@shop/client';
import { data, failed, startServer, type Reply, type Seen, type TestServer } from './server.ts';
import { refreshed, refused, tokensOf } from './tokens.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const me = data({ me: { id: 'ada' } });

/** A server that accepts one access token. For the refresh token of the current one it issues the next. */
async function open(
  valid: Tokens,
  options: Partial<ShopClientOptions> & {
    onRefresh?: (request: Seen) => Reply | Promise<Reply>;
    onOther?: (request: Seen) => Reply;
  } = {},
) {
  const { onRefresh = () => refreshed(valid), onOther = () => me, ...rest } = options;
  server = await startServer((request) => {
    if (request.operation === 'RefreshSession') return onRefresh(request);
    return request.token === undefined || request.token === valid.accessToken
      ? onOther(request)
      : failed('UNAUTHENTICATED', 401);
  });
  const store = rest.tokens ?? memoryTokens(tokensOf('s1', 1));
  return { server, store, shop: createShopClient({ url: server.url, retry: { firstMs: 1 }, ...rest, tokens: store }) };
}

test('parallel requests whose token is rejected cause one refresh, and each is sent once more', async () => {
  const next = tokensOf('s1', 2);
  const { server, store, shop } = await open(next);
  const answers = await Promise.all(Array.from({ length: 20 }, () => shop.request(Me)));
  expect(answers).toHaveLength(20);
  expect(server.of('RefreshSession').map(({ variables, token }) => [variables.input, token])).toEqual([
    [{ refreshToken: 's1-refresh-1' }, undefined],
  ]);
  expect(server.of('Me')).toHaveLength(40);
  expect(await store.load()).toEqual(next);
});

test('a mutation without retries is also sent once more, since the server rejected it before executing it', async () => {
  const { server, shop } = await open(tokensOf('s1', 2), {
    onOther: () => data({ revokeAllSessions: { __typename: 'RevokeAllSessionsSuccess', revoked: 1 } }),
  });
  await shop.request(RevokeAllSessions);
  expect(server.of('RevokeAllSessions')).toHaveLength(2);
});

test('a token is replaced shortly before it expires, and no request is rejected', async () => {
  const next = tokensOf('s1', 2);
  const { server, shop } = await open(next, { tokens: memoryTokens(tokensOf('s1', 1, 20_000)) });
  await Promise.all([shop.request(Me), shop.request(Me)]);
  expect(server.of('RefreshSession')).toHaveLength(1);
  expect(server.of('Me').map(({ token }) => token)).toEqual([next.accessToken, next.accessToken]);
  expect(await shop.session.accessToken()).toBe(next.accessToken);
});

test('a clock that is an hour ahead does not make every request refresh', async () => {
  const next = tokensOf('s1', 2, -3_600_000);
  const { server, shop } = await open(next, { tokens: memoryTokens(tokensOf('s1', 1, -3_600_000)) });
  for (let index = 0; index < 5; index += 1) await shop.request(Me);
  expect(server.of('RefreshSession')).toHaveLength(1);
});

test('a rejected refresh ends the session for waiting and later requests', async () => {
  const { server, store, shop } = await open(tokensOf('s1', 2), { onRefresh: () => refused });
  const outcomes = await Promise.allSettled([shop.request(Me), shop.request(Me), shop.request(Me)]);
  expect(
    outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason instanceof SessionEndedError),
  ).toEqual([true, true, true]);
  expect(await store.load()).toBeNull();
  expect(server.of('RefreshSession')).toHaveLength(1);
  expect(server.of('Me')).toHaveLength(3);
  expect(await shop.session.accessToken()).toBeNull();
});

test('a request whose new token is rejected too is not repeated endlessly', async () => {
  const { server, shop } = await open(tokensOf('s1', 9), { onRefresh: () => refreshed(tokensOf('s1', 2)) });
  await expect(shop.request(Me)).rejects.toMatchObject({ name: 'GraphqlError', code: 'UNAUTHENTICATED', status: 401 });
  expect(server.of('Me')).toHaveLength(2);
  expect(server.of('RefreshSession')).toHaveLength(1);
});

describe('a refresh that gets no answer', () => {
  test('keeps the session, and is repeated by requests that may be repeated', async () => {
    let calls = 0;
    const { store, shop } = await open(tokensOf('s1', 2), {
      onRefresh: () => ((calls += 1) === 1 ? failed('SERVICE_UNAVAILABLE', 503) : refreshed(tokensOf('s1', 2))),
    });
    expect(await shop.request(Me)).toEqual({ me: { id: 'ada' } });
    expect((await store.load())?.refreshToken).toBe('s1-refresh-2');
  });

  test('leaves the session unchanged when no answer ever comes', async () => {
    const { server, store, shop } = await open(tokensOf('s1', 2), {
      onRefresh: () => ({ status: 502, text: '<html>' }),
      retry: { attempts: 1 },
    });
    const outcomes = await Promise.allSettled([shop.request(Me), shop.request(Me), shop.request(Me)]);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'HttpError', status: 502 } });
    expect((await store.load())?.refreshToken).toBe('s1-refresh-1');
    expect(server.of('RefreshSession')).toHaveLength(1);
  });

  test('is an error for each waiting request, with the request’s own key', async () => {
    const { shop } = await open(tokensOf('s1', 2), { onRefresh: () => 'cut', retry: { attempts: 1 } });
    const adjust = (idempotencyKey: string) =>
      shop.request(AdjustStock, { input: { productId: 'p', delta: 1, reason: 'r', idempotencyKey } });
    const outcomes = await Promise.allSettled([adjust('a'), adjust('b'), shop.request(Me)]);
    const errors = outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason as NetworkError);
    expect(errors.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['a', 'b', undefined]);
    for (const error of errors) {
      expect(error).toBeInstanceOf(NetworkError);
      expect(error.stack).toContain('No answer came');
    }
  });

  test('is harmless before the token’s expiry', async () => {
    const soon = tokensOf('s1', 1, 20_000);
    const { shop } = await open(soon, { tokens: memoryTokens(soon), onRefresh: () => 'cut' });
    expect(await shop.request(Me)).toEqual({ me: { id: 'ada' } });
  });
});

test('clients that share a store share one refresh: a refresh token works once', async () => {
  let queue: Promise<unknown> = Promise.resolve();
  const shared: TokenStore = {
    ...memoryTokens(tokensOf('s1', 1)),
    exclusively<Result>(work: () => Promise<Result>) {
      const done = queue.then(work);
      queue = done.catch(() => undefined);
      return done;
    },
  };
  const { server, shop } = await open(tokensOf('s1', 2), { tokens: shared });
  const other = createShopClient({ url: server.url, tokens: shared });
  await Promise.all([shop.request(Me), other.request(Me), shop.request(Me), other.request(Me)]);
  expect(server.of('RefreshSession')).toHaveLength(1);
});

test('a request is not continued in another user’s session', async () => {
  const store = memoryTokens(tokensOf('s1', 1));
  const bob = tokensOf('s2', 1);
  const { server, shop } = await open(bob, { tokens: store });
  const request = shop.request(Me);
  await shop.session.adopt(bob);
  await expect(request).rejects.toThrow(SessionEndedError);
  expect(server.of('RefreshSession')).toEqual([]);
  expect(await shop.request(Me)).toEqual({ me: { id: 'ada' } });
});

test('a later attempt is not sent in another user’s session', async () => {
  const [ada, bob] = [tokensOf('s1', 1), tokensOf('s2', 1)];
  server = await startServer(() => (server?.seen.length === 1 ? { status: 503, body: {} } : me));
  const store = memoryTokens(ada);
  const shop = createShopClient({
    url: server.url,
    tokens: store,
    retry: { firstMs: 50 },
    fetch: async (...args) => {
      const answer = await fetch(...args);
      await store.save(bob);
      return answer;
    },
  });
  await expect(shop.request(Me)).rejects.toThrow(SessionEndedError);
  expect(server.seen.map(({ token }) => token)).toEqual([ada.accessToken]);
});

test('equal queries in parallel each use their own session', async () => {
  const [ada, bob] = [tokensOf('s1', 1), tokensOf('s2', 1)];
  const [asked, both] = [gate(), gate()];
  server = await startServer(async ({ token }, { length }) => {
    asked.open();
    if (length === 2) both.open();
    await both.passed;
    return data({ me: { id: token === ada.accessToken ? 'ada' : 'bob' } });
  });
  const shop = createShopClient({ url: server.url, tokens: memoryTokens(ada) });
  const first = shop.request(Me);
  await asked.passed;
  await shop.session.adopt(bob);
  expect(await Promise.all([first, shop.request(Me)])).toEqual([{ me: { id: 'ada' } }, { me: { id: 'bob' } }]);
});

test('an error of the token store is thrown to the request, and not retried', async () => {
  let loads = 0;
  const broken: TokenStore = {
    load: () => Promise.reject(new RangeError(`the disk is full, ${(loads += 1)}`)),
    save: () => undefined,
  };
  const { shop } = await open(tokensOf('s1', 1), { tokens: broken });
  await expect(shop.request(Me)).rejects.toThrow(new RangeError('the disk is full, 1'));
  expect(loads).toBe(1);
});

/** An event that happens once, and the work that runs in between. */
function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

test('signing out during a refresh leaves nobody signed in', async () => {
  const [asked, answer] = [gate(), gate()];
  const { server, store, shop } = await open(tokensOf('s1', 2), {
    onRefresh: async () => {
      asked.open();
      await answer.passed;
      return refreshed(tokensOf('s1', 2));
    },
    onOther: ({ operation }) =>
      operation === 'Logout' ? data({ logout: { __typename: 'LogoutSuccess', ok: true } }) : me,
  });
  const request = shop.request(Me).catch(() => undefined);
  await asked.passed;
  const out = signOut(shop);
  answer.open();
  await Promise.all([request, out]);
  expect(await store.load()).toBeNull();
  // The tokens that the refresh returned are revoked.
  expect(server.of('Logout').map(({ variables }) => variables.input)).toEqual([{ refreshToken: 's1-refresh-2' }]);
});

test('a caller that stops waiting does not end the refresh for the others', async () => {
  const [asked, answer] = [gate(), gate()];
  const { server, shop } = await open(tokensOf('s1', 2), {
    onRefresh: async () => {
      asked.open();
      await answer.passed;
      return refreshed(tokensOf('s1', 2));
    },
  });
  const controller = new AbortController();
  const [gone, stays] = [shop.request(Me, {}, { signal: controller.signal }), shop.request(Me)];
  await asked.passed;
  controller.abort(new Error('gone'));
  await expect(gone).rejects.toThrow('gone');
  answer.open();
  expect(await stays).toEqual({ me: { id: 'ada' } });
  expect(server.of('RefreshSession')).toHaveLength(1);
});

test('signing in adopts the tokens, and a failure keeps the current ones', async () => {
  const [ada, bob] = [tokensOf('s1', 1), tokensOf('s2', 1)];
  const results = [
    { __typename: 'InvalidCredentials', code: 'INVALID_CREDENTIALS', message: 'No.' },
    { __typename: 'LoginSuccess', user: {}, tokens: bob },
  ];
  const { server, store, shop } = await open(ada, {
    tokens: memoryTokens(ada),
    onOther: () => data({ login: results.shift() }),
  });
  expect(await signIn(shop, { email: 'b', password: 'p' })).toMatchObject({ __typename: 'InvalidCredentials' });
  expect(await store.load()).toEqual(ada);
  expect(await signIn(shop, { email: 'b', password: 'p' })).toMatchObject({ __typename: 'LoginSuccess' });
  expect(await store.load()).toEqual(bob);
  expect(server.of('Login').map(({ token }) => token)).toEqual([undefined, undefined]);
});

describe('tokens in a browser’s storage', () => {
  const storage = () => {
    const values = new Map<string, string>();
    return {
      getItem: (key: string) => values.get(key) ?? null,
      setItem: (key: string, value: string) => void values.set(key, value),
      removeItem: (key: string) => void values.delete(key),
    };
  };

  test('survive a restart', async () => {
    const browser = storage();
    const next = tokensOf('s1', 2);
    const { server, shop } = await open(next, { tokens: webStorageTokens(browser) });
    await shop.session.adopt(tokensOf('s1', 1));
    await shop.request(Me);
    const restarted = createShopClient({ url: server.url, tokens: webStorageTokens(browser) });
    expect(await restarted.session.accessToken()).toBe(next.accessToken);
    await restarted.session.end();
    expect(await shop.session.accessToken()).toBeNull();
  });

  test.each(['', '{', 'null', '1', '[]', '{"accessToken":1}'])('are ignored when they are %j', async (text) => {
    const browser = storage();
    browser.setItem('shop.tokens', text);
    expect(await webStorageTokens(browser).load()).toBeNull();
  });
});
