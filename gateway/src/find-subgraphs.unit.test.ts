import { readConfig } from './config.ts';
import { readEndpoint } from './execution/transport/subgraph-endpoint.ts';
import { findSubgraphs } from './find-subgraphs.ts';
import { requireBroker } from './graph/require-broker.ts';
import { readSupergraph } from './supergraph/index.ts';

/** A supergraph with these subgraphs and routing URLs. */
function compose(urls: Record<string, string>) {
  const graphs = Object.entries(urls).map(
    ([name, url], index) => `G${index} @join__graph(name: "${name}", url: "${url}")`,
  );
  return readSupergraph(`
    schema @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
    enum join__Graph { ${graphs.join(' ')} }
    type Query { a: Int }`);
}

const find = (urls: Record<string, string>, configured: Record<string, readonly string[]> = {}) => [
  ...findSubgraphs(compose(urls), configured).values(),
];

test('a subgraph has the configured URLs, or else the routing URL', () => {
  const urls = { 'film.Reviews-2': 'http://a:1/api', films: 'http://b:2/graphql' };
  expect(find(urls, { SUBGRAPH_FILM_REVIEWS_2_URL: ['http://c:3', 'http://d:4/x'] })).toEqual([
    { name: 'film.Reviews-2', urls: ['http://c:3', 'http://d:4/x'], isService: false },
    { name: 'films', urls: ['http://b:2/graphql'], isService: false },
  ]);
});

test('a subgraph without a URL is an error that names its variable, and all are named at once', () => {
  expect(() => find({ films: '', 'film-reviews': 'unix:/socket', ok: 'http://a' })).toThrow(
    'The subgraph "films" has no URL: its routing URL is "". Set SUBGRAPH_FILMS_URL, or compose a URL of HTTP into the supergraph.\n' +
      'The subgraph "film-reviews" has no URL: its routing URL "unix:/socket" must start with unix:/// and an absolute path. ' +
      'Set SUBGRAPH_FILM_REVIEWS_URL, ' +
      'or compose a URL of HTTP into the supergraph.',
  );
});

test('a routing URL can be that of a Unix socket', () => {
  const url = 'unix:///run/films.sock?path=/api';
  expect(find({ films: url })).toEqual([{ name: 'films', urls: [url], isService: false }]);
  expect(find({ user: 'unix:///run/user.sock' })[0]?.isService).toBe(true);
  expect(() => find({ films: `unix:///${'x'.repeat(200)}` })).toThrow(
    /" has a path of 201 bytes, and that of a socket/,
  );
});

test('two subgraphs cannot share a variable', () => {
  expect(() => find({ 'a-b': 'http://a', a_b: 'http://b' })).toThrow(
    'The subgraphs "a-b" and "a_b" share the variable SUBGRAPH_A_B_URL. Rename one of them.',
  );
});

test('a service of ours is in the table of services and has its endpoint at /graphql', () => {
  const isService = (url: string, name = 'user') => find({ [name]: url })[0]?.isService;
  expect(isService('http://a:4001/graphql')).toBe(true);
  expect(isService('http://a:4001')).toBe(true);
  expect(isService('http://a:4001/api/graphql')).toBe(false);
  expect(isService('http://a:4001/graphql', 'films')).toBe(false);
});

test('a URL with a path is the endpoint, and one without has /graphql', () => {
  const path = (url: string) => readEndpoint(url).path;
  expect(['http://a', 'http://a/', 'http://a/?k=1'].map(path)).toEqual(['/graphql', '/graphql', '/graphql?k=1']);
  expect(['http://a/api/graphql', 'http://a/x/', 'http://a/x?k=1'].map(path)).toEqual([
    '/api/graphql',
    '/x/',
    '/x?k=1',
  ]);
  expect(readEndpoint('https://a:8443/x').origin).toBe('https://a:8443');
  expect(readEndpoint('unix:///run/a.sock')).toEqual({ origin: 'unix:///run/a.sock', path: '/graphql' });
  expect(readEndpoint('unix:///run/a%2Cb.sock?path=/?k=1')).toEqual({
    origin: 'unix:///run/a%2Cb.sock',
    path: '/graphql?k=1',
  });
});

test('the broker is required where one of our services issues tokens, unless they come from another issuer', () => {
  const check = (env: NodeJS.ProcessEnv, isService: boolean) => () =>
    requireBroker(
      readConfig({ INTERNAL_TOKEN_KEY: '{"kty":"OKP","crv":"Ed25519","x":"x","d":"d","kid":"k1"}', ...env }),
      () => isService,
    );
  expect(check({}, true)).toThrow('NATS_URL is missing: the subgraph "user" issues access tokens');
  expect(check({}, false)).not.toThrow();
  expect(check({ NATS_URL: 'nats://a:4222' }, true)).not.toThrow();
  expect(check({ JWKS_URL: 'https://id.example/keys' }, true)).not.toThrow();
});
