import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { Supergraph as ComposedSupergraph } from '@apollo/federation-internals';
import { createLogger, Metrics } from '@shop/process';
import { isLongRun } from '@shop/testing/config';
import { serveSubgraphs, type ChangeAnswer, type ServedSubgraphs } from '@shop/testing/supergraph';
import type { GraphQLSchema } from 'graphql';
import { createRevokedSessions, readSupergraph, startGateway, type RunningGateway } from '../../gateway/src/index.ts';
import { createGatewayConfig } from '../../gateway/test/gateway-config.ts';
import { createSigningKey, signAccessToken } from '../../gateway/test/keys.ts';
import { readClientOperations, type ClientOperation } from './client-operations.ts';
import { readSubgraphs } from './our-supergraph.ts';
import { variablesOf } from './variables.ts';

// A subscription has one way, and the stock engine has none.
const operations = readClientOperations('clients/operations').filter(({ node }) => node.operation !== 'subscription');

/** All scopes that an operation of a client needs. */
const allScopes =
  'ops:write user:read user:write product:write inventory:read inventory:write order:read order:write task:read notification:read';
/** The scopes of the callers; undefined for one who has not signed in. */
const callers = { staff: allScopes, customer: '', anonymous: undefined };
type Caller = keyof typeof callers;

/** The root field of entities, or one of the aliases that a call has for several lists of them. */
const entitiesField = /^_entities(_\d+)?$/;

/** The ways in which subgraphs may fail. None depends on the position of an entity, since the engines do not send the same positions. */
const failures: Readonly<Record<string, ChangeAnswer | undefined>> = {
  'no failure': undefined,
  'missing users': changeEntities(({ entities, types }) => ({
    entities: entities.map((entity, index) => (types[index] === 'User' ? null : entity)),
  })),
  'missing entities of other types': changeEntities(({ entities, types }) => ({
    entities: entities.map((entity, index) => (types[index] === 'User' ? entity : null)),
  })),
  'calls for entities that fail': changeEntities(() => ({
    entities: null,
    errors: [{ message: 'Try again later.', extensions: { code: 'SERVICE_UNAVAILABLE' } }],
  })),
  'entities that fail': changeEntities(({ field, entities }) => ({
    entities: entities.map(() => null),
    errors: entities.map((_, index) => ({
      message: 'No.',
      path: [field, index, 'name'],
      extensions: { code: 'FORBIDDEN' },
    })),
  })),
  'root fields that fail': (answer) =>
    answer.data != null && !Object.keys(answer.data).some((field) => entitiesField.test(field))
      ? {
          data: null,
          errors: Object.keys(answer.data).map((field) => ({ message: `The password is ${field}.`, path: [field] })),
        }
      : answer,
};

/** The entities of a call. A call that does the work of several has a field for each of them. */
interface Entities {
  readonly field: string;
  readonly entities: readonly unknown[];
  readonly types: readonly unknown[];
}

type ChangedEntities = Pick<ReturnType<ChangeAnswer>, 'errors'> & { readonly entities: readonly unknown[] | null };

function changeEntities(change: (entities: Entities) => ChangedEntities): ChangeAnswer {
  return (answer, { variables }) => {
    const changed = Object.entries(answer.data ?? {}).flatMap(([field, entities]) => {
      const representations = variables[field.replace('_entities', 'representations')];
      if (!entitiesField.test(field) || !Array.isArray(entities) || !Array.isArray(representations)) return [];
      const types = representations.map((each: { readonly __typename?: unknown }) => each.__typename);
      return [{ field, ...change({ field, entities, types }) }];
    });
    if (changed.length === 0) return answer;
    const errors = changed.flatMap((each) => each.errors ?? []);
    const isFailed = changed.some(({ entities }) => entities === null);
    return {
      data: isFailed ? null : Object.fromEntries(changed.map(({ field, entities }) => [field, entities])),
      ...(errors.length === 0 ? {} : { errors }),
    };
  };
}

let subgraphs: ServedSubgraphs;
let schema: GraphQLSchema;
const metrics = { own: new Metrics(), stock: new Metrics() };
type Engine = keyof typeof metrics;
const gateways = new Map<Engine, RunningGateway>();
const tokens = new Map<Caller, string>();

beforeAll(async () => {
  const [accessKey, internalKey] = [await createSigningKey('access-1'), await createSigningKey('internal-1')];
  const documents = { '/.well-known/jwks.json': { keys: [accessKey.publicJwk] } };
  subgraphs = await serveSubgraphs(await readSubgraphs(), { documents });
  const supergraph = readSupergraph(readFileSync('gateway/supergraph.graphql', 'utf8'));
  schema = ComposedSupergraph.build(supergraph.plannerSdl).apiSchema().toGraphQLJSSchema();
  const subgraphUrls = Object.fromEntries(Object.entries(subgraphs.urls).map(([name, url]) => [name, [url]]));
  for (const engine of ['own', 'stock'] as const) {
    const gateway = await startGateway({
      supergraph,
      logger: createLogger({ service: 'test', level: 'silent' }),
      revokedSessions: createRevokedSessions(),
      metrics: metrics[engine],
      config: createGatewayConfig({ subgraphUrls, internalTokenKey: internalKey.privateJwk }, { engine }),
    });
    gateways.set(engine, gateway);
  }
  for (const [caller, scope] of Object.entries(callers))
    if (scope !== undefined) tokens.set(caller as Caller, await signAccessToken(accessKey, { scope }));
});
afterAll(async () => {
  for (const gateway of gateways.values()) await gateway.close();
  await subgraphs?.close();
});

interface Answer {
  readonly status: number | undefined;
  /** In the order in which they came. */
  readonly headers: readonly string[];
  /** As it came over the network: perhaps compressed. */
  readonly body: string;
}

/** The short way of our engine takes no other URL. */
const urls = { short: '/graphql', long: '/graphql?long' };

/** Sends an operation. Its answer has the same identifier each time, so that all bytes can be compared. */
function send(
  engine: Engine,
  body: object,
  caller: Caller,
  { way = 'short', encoding = 'identity' }: { way?: keyof typeof urls; encoding?: string } = {},
): Promise<Answer> {
  const token = tokens.get(caller);
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'accept-encoding': encoding,
    'x-request-id': 'a-request-of-the-test',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${gateways.get(engine)?.url}${urls[way]}`, { method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
      response.once('end', () => {
        const pairs = response.rawHeaders.flatMap((name, index, all) =>
          index % 2 === 0 && name !== 'Date' ? [`${name}: ${all[index + 1]}`] : [],
        );
        const content = Buffer.concat(chunks);
        resolve({
          status: response.statusCode,
          headers: pairs,
          body: content.toString(encoding === 'identity' ? 'utf8' : 'base64'),
        });
      });
    });
    sent.once('error', reject).end(text);
  });
}

/** The stock engine lists the errors of calls at the same time in the order in which they are answered. */
function sortErrors(answer: Answer): Answer {
  const { errors, ...rest } = JSON.parse(answer.body) as { errors?: { path?: unknown }[] };
  if (errors === undefined) return answer;
  const byPath = errors.toSorted((a, b) => JSON.stringify(a.path).localeCompare(JSON.stringify(b.path)));
  return { ...answer, body: JSON.stringify({ errors: byPath, ...rest }) };
}

/** Documents that the short way has found or read. */
async function countShort(): Promise<number> {
  const { text } = await metrics.own.scrape();
  const counts = [...text.matchAll(/document_lookups_total\{result="(?:prepared|new)"\} (\d+)/g)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** A comment makes it another document, which no gateway has prepared. */
const createBody = ({ name, text, node }: ClientOperation, comment: string) => ({
  query: `${text}\n# ${comment}`,
  operationName: name,
  variables: variablesOf(node, schema),
});

const cases = (Object.keys(callers) as Caller[]).flatMap((caller) =>
  Object.keys(failures).map((failure) => ({ caller, failure })),
);

/** The short form takes the first case of each operation and one more, which is another one for the next operation. */
const listCases = (index: number) =>
  isLongRun() ? cases : cases.filter((_, at) => at === 0 || at === 1 + (index % (cases.length - 1)));

test.each(operations.map((operation, index) => ({ name: operation.name, operation, cases: listCases(index) })))(
  '$name: both ways and both engines answer alike',
  async ({ operation, cases: listed }) => {
    for (const { caller, failure } of listed) {
      subgraphs.setChange(failures[failure]);
      const body = createBody(operation, `${caller}, ${failure}`);
      const before = await countShort();
      const byApollo = await send('own', body, caller, { way: 'long' });
      expect(await countShort()).toBe(before);
      expect(await send('own', body, caller)).toEqual(byApollo);
      expect(await send('own', createBody(operation, `new: ${caller}, ${failure}`), caller)).toEqual(byApollo);
      expect(await countShort()).toBe(before + 2);
      const byStock = sortErrors(await send('stock', body, caller));
      expect({ caller, failure, ...byStock }).toEqual({ caller, failure, ...sortErrors(byApollo) });
    }
  },
);

test.each(['gzip', 'br'])(
  'a large answer has the same bytes by both ways when it is compressed by %s',
  async (encoding) => {
    subgraphs.setChange(undefined);
    const operation = operations.find(({ name }) => name === 'ListCatalogue') as ClientOperation;
    const body = createBody(operation, encoding);
    const byApollo = await send('own', body, 'staff', { way: 'long', encoding });
    expect(byApollo.headers).toContain(`content-encoding: ${encoding}`);
    expect(await send('own', body, 'staff', { encoding })).toEqual(byApollo);
  },
);
