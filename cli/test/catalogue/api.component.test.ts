import { CategoryTree } from '@shop/client';
import { RefusedError } from '../../src/catalogue/api/errors.ts';
import { openCatalogueApi } from '../../src/catalogue/api/open-api.ts';
import { UnavailableError } from '../../src/command-line/failures.ts';
import { type Answer, type Asked, type Endpoint, startEndpoint } from './fixtures.ts';

const retry = { firstMs: 1, longestMs: 2, attempts: 4 };
const fail = (code: string): Answer => ({
  data: { categories: null },
  errors: [{ message: `It is ${code}.`, extensions: { code } }],
});
const good: Answer = { data: { categories: [] } };
let server: Endpoint;
afterEach(() => server.close());

/** An API that gives these answers in order, and then repeats the last one. */
async function openApiThat(...answers: Answer[]) {
  server = await startEndpoint(() => (answers.length > 1 ? answers.shift() : answers[0]) as Answer);
  const { signal } = new AbortController();
  return openCatalogueApi({ url: server.url, credentials: { token: 'token' }, signal, retry });
}

test.each([
  ['503', 503],
  ['502', 502],
  ['429', 429],
  ['SERVICE_UNAVAILABLE', fail('SERVICE_UNAVAILABLE')],
  [
    'SERVICE_UNAVAILABLE with partial data',
    { data: { categories: [], x: null }, errors: [{ message: 'x', extensions: { code: 'SERVICE_UNAVAILABLE' } }] },
  ],
])('retries after %s', async (_name, answer) => {
  const api = await openApiThat(answer, answer, good);
  expect(await api.request(CategoryTree, {})).toEqual({ categories: [] });
  expect(server.asked).toHaveLength(3);
});

test('gives up after some attempts, and says that the command can be run again', async () => {
  const api = await openApiThat(fail('SERVICE_UNAVAILABLE'));
  const request = api.request(CategoryTree, {});
  await expect(request).rejects.toThrow(UnavailableError);
  await expect(request).rejects.toThrow('Run the command again later');
  expect(server.asked).toHaveLength(retry.attempts);
});

test('reports that the command can be run again when nothing listens', async () => {
  const api = await openApiThat(good);
  await server.close();
  await expect(api.request(CategoryTree, {})).rejects.toThrow(
    /does not answer \(ECONNREFUSED\).*Run the command again later/,
  );
});

test('does not repeat a request with bad input', async () => {
  const api = await openApiThat(fail('BAD_USER_INPUT'));
  await expect(api.request(CategoryTree, {})).rejects.toThrow(RefusedError);
  expect(server.asked).toHaveLength(1);
});

test('ends after FORBIDDEN, and names the scopes', async () => {
  const api = await openApiThat(fail('FORBIDDEN'));
  await expect(api.request(CategoryTree, {})).rejects.toThrow('product:write');
  expect(server.asked).toHaveLength(1);
});

test('reports an answer that is not JSON', async () => {
  const api = await openApiThat(404);
  await expect(api.request(CategoryTree, {})).rejects.toThrow('is it the GraphQL endpoint?');
});

/** Tokens of one session, which the client reads from the access token. */
function tokens(name: string) {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    accessToken: `${encode({ alg: 'EdDSA' })}.${encode({ sid: 'one', name })}.x`,
    accessTokenExpiresAt: '2999-01-01T00:00:00.000Z',
    refreshToken: `refresh-${name}`,
    refreshTokenExpiresAt: '2999-01-01T00:00:00.000Z',
  };
}

test('an administrator signs in once, and a rejected access token is refreshed once for all requests', async () => {
  const [first, second] = [tokens('first'), tokens('second')];
  server = await startEndpoint(({ operationName, authorization }: Asked) => {
    if (operationName === 'Login') return { data: { login: { __typename: 'LoginSuccess', tokens: first } } };
    if (operationName === 'RefreshSession')
      return { data: { refreshSession: { __typename: 'RefreshSessionSuccess', tokens: second } } };
    return authorization === `Bearer ${first.accessToken}` ? [401, fail('UNAUTHENTICATED') as object] : good;
  });
  const credentials = { email: 'admin@example.com', password: 'secret' };
  const api = await openCatalogueApi({ url: server.url, credentials, signal: new AbortController().signal, retry });
  const answers = await Promise.all(Array.from({ length: 5 }, () => api.request(CategoryTree, {})));
  expect(answers).toEqual(Array.from({ length: 5 }, () => ({ categories: [] })));
  expect(server.asked.filter(({ operationName }) => operationName === 'Login')).toHaveLength(1);
  expect(server.asked.filter(({ operationName }) => operationName === 'RefreshSession')).toHaveLength(1);
});

test('says why an administrator could not sign in', async () => {
  server = await startEndpoint(() => ({
    data: { login: { __typename: 'InvalidCredentials', code: 'INVALID_CREDENTIALS', message: 'Wrong password.' } },
  }));
  const credentials = { email: 'admin@example.com', password: 'secret' };
  await expect(
    openCatalogueApi({ url: server.url, credentials, signal: new AbortController().signal, retry }),
  ).rejects.toThrow('admin@example.com could not sign in: Wrong password. Check ADMIN_EMAIL');
});

test('Ctrl-C ends a request and its retries at once', async () => {
  server = await startEndpoint(() => 503);
  const interruption = new AbortController();
  const slow = { firstMs: 60_000, longestMs: 60_000 };
  const api = await openCatalogueApi({
    url: server.url,
    credentials: { token: 't' },
    signal: interruption.signal,
    retry: slow,
  });
  setTimeout(() => interruption.abort(), 50);
  await expect(api.request(CategoryTree, {})).rejects.toMatchObject({ name: 'AbortError' });
});
