import { openApi } from '../../src/catalogue/api/api.ts';
import { Refused } from '../../src/catalogue/api/failures.ts';
import { Complaint } from '../../src/catalogue/complaint.ts';
import { type Answer, endpoint, type Endpoint } from './fixtures.ts';

const fast = { firstMs: 1, longestMs: 2, tries: 4 };
const failing = (code: string): Answer => ({
  data: { x: null },
  errors: [{ message: `It is ${code}.`, extensions: { code } }],
});
const good: Answer = { data: { x: 1 } };
let server: Endpoint;
afterEach(() => server.close());

/** An API that gives these answers one after the other, and the last one for ever. */
async function apiThat(...answers: Answer[]) {
  let tokens = 0;
  server = await endpoint(() => (answers.length > 1 ? answers.shift() : answers[0]) as Answer);
  return openApi({ url: server.url, signIn: () => Promise.resolve(`token-${(tokens += 1)}`), backoff: fast });
}

test.each([
  ['503', 503],
  ['502', 502],
  ['429', 429],
  ['SERVICE_UNAVAILABLE', failing('SERVICE_UNAVAILABLE')],
])('%s is tried again', async (_name, answer) => {
  const api = await apiThat(answer, answer, good);
  expect(await api.request('{ x }')).toEqual({ x: 1 });
  expect(server.asked).toHaveLength(3);
});

test('what stays away ends it after some tries, and says that it can be run again', async () => {
  const api = await apiThat(failing('SERVICE_UNAVAILABLE'));
  const request = api.request('{ x }');
  await expect(request).rejects.toThrow(Complaint);
  await expect(request).rejects.toThrow('Run it again later');
  expect(server.asked).toHaveLength(fast.tries);
});

test('nobody listening is the same', async () => {
  const api = await apiThat(good);
  await server.close();
  await expect(api.request('{ x }')).rejects.toThrow(/does not answer \(ECONNREFUSED\).*Run it again later/);
});

test('bad input is refused at once', async () => {
  const api = await apiThat(failing('BAD_USER_INPUT'));
  await expect(api.request('{ x }')).rejects.toThrow(Refused);
  expect(server.asked).toHaveLength(1);
});

test('FORBIDDEN ends it, and names the scopes', async () => {
  const api = await apiThat(failing('FORBIDDEN'));
  await expect(api.request('{ x }')).rejects.toThrow('product:write');
  expect(server.asked).toHaveLength(1);
});

test('a token that has expired is replaced once, by one sign-in for all that are under way', async () => {
  server = await endpoint(({ authorization }) =>
    authorization === 'Bearer token-1' ? failing('UNAUTHENTICATED') : good,
  );
  let signedIn = 0;
  const api = openApi({ url: server.url, signIn: () => Promise.resolve(`token-${(signedIn += 1)}`), backoff: fast });
  expect(await Promise.all(Array.from({ length: 5 }, () => api.request('{ x }')))).toEqual(
    Array.from({ length: 5 }, () => ({ x: 1 })),
  );
  expect(signedIn).toBe(2);
});

test('a page that is no JSON is told of', async () => {
  const api = await apiThat(404);
  await expect(api.request('{ x }')).rejects.toThrow('is it the GraphQL endpoint?');
});
