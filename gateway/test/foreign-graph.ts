import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, GraphQLScalarType, parse, type GraphQLSchema } from 'graphql';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

/** The path of the endpoints. */
export const path = '/api/graphql';

/**
 * The schemas of subgraphs that have nothing of the shop. `DateTime` has the name of a scalar of the shop, and is a number of seconds.
 *
 * @param edition adds the field `edition<n>`
 */
export const foreignSchemas = (edition = 0): Readonly<Record<string, string>> => ({
  films: `${link}
    type Query { films: [Film!]! since(time: DateTime!): [Film!]! echo(value: Json): Json edition${edition}: Int! slow: Int! }
    scalar Json
    scalar DateTime
    type Film @key(fields: "id") { id: ID! title: String! releasedAt: DateTime! details: Json }`,
  'film-reviews': `${link}
    type Query { reviewer: String }
    type Mutation { review(film: ID!, stars: Stars!): Film! }
    scalar Stars
    type Film @key(fields: "id") { id: ID! stars: Stars! }`,
});

const films = [
  {
    id: '1',
    title: 'Metropolis',
    releasedAt: -1_356_998_400,
    details: { cast: ['Helm', { name: 'Abel' }], length: 153.5 },
  },
  { id: '2', title: 'M', releasedAt: -1_221_523_200, details: null },
];
/** A scalar that takes each JSON value. */
const anything = (name: string) => new GraphQLScalarType({ name });

const epoch = new GraphQLScalarType({
  name: 'DateTime',
  parseValue(value) {
    if (typeof value !== 'number') throw new Error('DateTime must be a number of seconds.');
    return value;
  },
});

/** A call that a subgraph received. */
export interface ForeignCall {
  readonly subgraph: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

export interface ForeignGraph {
  readonly calls: ForeignCall[];
  /** The supergraph of the schemas, whose routing URLs are those of the servers. */
  compose(schemas?: Readonly<Record<string, string>>): string;
  getUrl(name: string): string;
  /** Answers the calls that wait at `slow`. */
  finishSlow(): void;
  /** How many calls wait there. */
  readonly slow: number;
  close(name: string): Promise<void>;
  closeAll(): Promise<void>;
}

/**
 * Serves the schemas over HTTP, at `/api/graphql` only. The subgraphs know neither routes for health nor our tokens.
 *
 * @param socketDirectory with it, the servers listen on Unix sockets in this directory, which have the names of the subgraphs
 */
export async function startForeignGraph(socketDirectory?: string): Promise<ForeignGraph> {
  const editions = 12;
  const calls: ForeignCall[] = [];
  const waiting = new Set<() => void>();
  const stars = new Map([
    ['1', '★★★★★'],
    ['2', '★★★★'],
  ]);
  const findStars = ({ id }: { id: string }) => ({ __typename: 'Film', id, stars: stars.get(id) });
  const resolvers: Record<string, object> = {
    films: {
      Query: {
        films: () => films,
        since: (_: unknown, { time }: { time: number }) => films.filter(({ releasedAt }) => releasedAt >= time),
        echo: (_: unknown, { value }: { value: unknown }) => value,
        slow: () => new Promise<number>((resolve) => waiting.add(() => resolve(1))),
        ...Object.fromEntries(Array.from({ length: editions }, (_, n) => [`edition${n}`, () => n])),
      },
      Film: { __resolveReference: ({ id }: { id: string }) => films.find((film) => film.id === id) },
      Json: anything('Json'),
      DateTime: epoch,
    },
    'film-reviews': {
      Query: { reviewer: () => 'Kracauer' },
      Mutation: {
        review(_: unknown, given: { film: string; stars: string }) {
          stars.set(given.film, given.stars);
          return findStars({ id: given.film });
        },
      },
      Stars: anything('Stars'),
      Film: { __resolveReference: findStars },
    },
  };
  const servers = new Map<string, Server>();
  for (const [name, text] of Object.entries(foreignSchemas())) {
    const all = Array.from({ length: editions }, (_, n) => `edition${n}: Int!`).join(' ');
    const typeDefs = parse(text.replace('edition0: Int!', all));
    const schema = buildSubgraphSchema([{ typeDefs, resolvers: (resolvers[name] ?? {}) as never }]);
    const server = createServer((request, response) => {
      const { method = '', url = '', headers } = request;
      calls.push({ subgraph: name, method, url, headers });
      void answer(schema, request).then(({ status, body }) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(body),
      );
    });
    if (socketDirectory === undefined) server.listen(0, '127.0.0.1');
    else server.listen(`${socketDirectory}/${name}.sock`);
    await once(server, 'listening');
    servers.set(name, server);
  }
  const getUrl = (name: string) => {
    const address = servers.get(name)?.address() as AddressInfo | string;
    return typeof address === 'string' ? `unix://${address}?path=${path}` : `http://127.0.0.1:${address.port}${path}`;
  };
  const urls = new Map([...servers.keys()].map((name) => [name, getUrl(name)]));

  const close = async (name: string): Promise<void> => {
    const server = servers.get(name);
    servers.delete(name);
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  };
  return {
    calls,
    compose(schemas = foreignSchemas()) {
      const { supergraphSdl, errors } = composeServices(
        Object.entries(schemas).map(([name, text]) => ({ name, url: urls.get(name) ?? '', typeDefs: parse(text) })),
      );
      if (supergraphSdl === undefined) throw new Error(errors?.join('\n'));
      return supergraphSdl;
    },
    getUrl: (name) => urls.get(name) ?? '',
    finishSlow() {
      for (const finish of waiting) finish();
      waiting.clear();
    },
    get slow() {
      return waiting.size;
    },
    close,
    closeAll: async () => void (await Promise.all([...servers.keys()].map(close))),
  };
}

async function answer(schema: GraphQLSchema, request: IncomingMessage): Promise<{ status: number; body: string }> {
  if (request.url !== path || request.method !== 'POST') {
    request.resume();
    return { status: request.url?.startsWith(path) === true ? 405 : 404, body: '{}' };
  }
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { query, variables } = JSON.parse(Buffer.concat(parts).toString()) as { query: string; variables?: object };
  const result = await graphql({ schema, source: query, variableValues: { ...variables } });
  return { status: 200, body: JSON.stringify(result) };
}
