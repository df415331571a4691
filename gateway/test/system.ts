import { composeServices } from '@apollo/composition';
import { createInternalTokenVerifier, createLogger, type Logger, Metrics } from '@shop/process';
import { startSubgraph, type Resolvers, type RunningSubgraph, type SubgraphRequest } from '@shop/subgraph';
import { eventually } from '@shop/testing';
import { parse } from 'graphql';
import type { JWK } from 'jose';
import {
  createRevokedSessions,
  readSupergraph,
  startGateway,
  type RevokedSessions,
  type GatewayConfig,
  type RunningGateway,
} from '../src/index.ts';
import type { EventFeed } from '../src/events/event-feed.ts';
import type { ExecutionStage } from '../src/execution/execution-stages.ts';
import type { FollowOptions } from '../src/reload/follow-supergraph.ts';
import { createGatewayConfig } from './gateway-config.ts';
import { createSigningKey, type SigningKey } from './keys.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';

/** Three small subgraphs in the shape of the real ones. */
const defaultSchemas = {
  user: `${link}
    type Query { me: User whoami: String }
    type User @key(fields: "id") { id: ID! email: String name: String! }`,
  product: `${link}
    type Query {
      product(id: ID!): Product products: [Product!]! crash: String refused: String
      priced(amount: MinorUnits, since: DateTime): String
    }
    scalar MinorUnits
    scalar DateTime
    type Product @key(fields: "id") { id: ID! name: String! description: String }`,
  order: `${link}
    type Query { order(id: ID!): Order }
    type Mutation { placeOrder: Order }
    type Order @key(fields: "id") { id: ID! items: [Item!]! customer: User }
    type Item { sku: String! product: Product }
    type Product @key(fields: "id", resolvable: false) { id: ID! }
    type User @key(fields: "id") { id: ID! orders: [Order!] }`,
};

export type SubgraphName = keyof typeof defaultSchemas;

/** A call that a subgraph received. */
export interface SeenCall {
  readonly subgraph: string;
  readonly request: SubgraphRequest;
  readonly headers: Record<string, unknown>;
  readonly query: string;
}

export interface System {
  readonly gateway: RunningGateway;
  readonly accessKey: SigningKey;
  readonly revokedSessions: RevokedSessions;
  readonly seen: SeenCall[];
  readonly lines: Record<string, unknown>[];
  /** The metrics of the gateway. */
  readonly metrics: Metrics;
  /** How often the JWKS was fetched. */
  jwksFetches: number;
  /** The JWKS that the user subgraph publishes. */
  jwks: JWK[];
  /** The composed supergraph. */
  readonly sdl: string;
  getUrl(name: SubgraphName): string;
  stop(name: SubgraphName): Promise<void>;
  start(name: SubgraphName): Promise<void>;
  close(): Promise<void>;
}

export async function startSystem(
  resolvers: Record<SubgraphName, Resolvers>,
  options: {
    running?: readonly SubgraphName[];
    config?: Partial<GatewayConfig>;
    /** True when the subgraphs put the reasons of unexpected errors into their answers. */
    exposeInSubgraphs?: boolean;
    /** The schemas and resolvers that the subgraphs serve. */
    schemas?: Record<SubgraphName, string>;
    /** The schemas from which the supergraph is composed, if they differ from those that are served. */
    composed?: Record<SubgraphName, string>;
    /** Milliseconds by which the clock of each subgraph is ahead of the gateway's. Default: 0. */
    clocksAheadMs?: Partial<Record<SubgraphName, number>>;
    /** The overdue work that each subgraph reports. Default: none. */
    overdue?: Partial<Record<SubgraphName, Record<string, number>>>;
    /** The events that reach the gateway. Default: none do, and nothing is cached. */
    feed?: EventFeed;
    /** Steps of execution before those of the gateway. Default: none. */
    executionStages?: readonly ExecutionStage[];
    /** A file of the supergraph that the gateway reads again when told. Default: none. */
    follow?: FollowOptions;
  } = {},
): Promise<System> {
  const schemas = options.schemas ?? defaultSchemas;
  const composed = options.composed ?? schemas;
  const names = Object.keys(schemas) as SubgraphName[];
  const internalKey = await createSigningKey('internal-1');
  const accessKey = await createSigningKey('access-1');
  const lines: Record<string, unknown>[] = [];
  const logger: Logger = createLogger({
    service: 'test',
    destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const running = new Map<SubgraphName, RunningSubgraph>();
  const ports = new Map<SubgraphName, number>();

  const { supergraphSdl, errors } = composeServices(
    names.map((name) => ({ name, url: 'http://unused.invalid', typeDefs: parse(composed[name]) })),
  );
  if (supergraphSdl === undefined) throw new Error(errors?.join('\n'));

  const system = {
    accessKey,
    revokedSessions: createRevokedSessions(),
    seen: [] as SeenCall[],
    lines,
    metrics: new Metrics(),
    jwksFetches: 0,
    jwks: [accessKey.publicJwk],
    sdl: supergraphSdl,
    getUrl: (name: SubgraphName) => `http://127.0.0.1:${ports.get(name)}`,
    async start(name: SubgraphName) {
      let headers: Record<string, unknown> = {};
      let query = '';
      const subgraph = await startSubgraph<SubgraphRequest>({
        name,
        host: '127.0.0.1',
        port: ports.get(name) ?? 0,
        logger,
        typeDefs: schemas[name],
        resolvers: resolvers[name],
        verifyToken: createInternalTokenVerifier({
          jwks: { keys: [internalKey.publicJwk as JWK & { kty: string }] },
          audience: name,
          wall: () => Date.now() + (options.clocksAheadMs?.[name] ?? 0),
        }),
        createContext(request) {
          system.seen.push({ subgraph: name, request, headers, query });
          return { ...request };
        },
        readiness: {},
        ...(options.overdue?.[name] === undefined ? {} : { overdue: () => options.overdue?.[name] ?? {} }),
        maxAnswerBytes: options.config?.subgraphAnswerBytes ?? 8 * 1024 * 1024,
        exposeReasons: options.exposeInSubgraphs ?? false,
        routes(app) {
          app.addHook('preHandler', async (request) => {
            headers = { ...request.headers };
            query = String((request.body as { query?: string } | undefined)?.query);
          });
          app.get('/.well-known/jwks.json', async () => {
            system.jwksFetches += 1;
            return { keys: system.jwks };
          });
        },
      });
      running.set(name, subgraph);
      ports.set(name, Number(new URL(subgraph.url).port));
      // After an outage the gateway's next probe finds the subgraph. Calls before it fail at once.
      await eventually(() => {
        const breaker = lines.findLast((line) => line['subgraph'] === name && 'breaker' in line)?.['breaker'];
        expect(breaker ?? 'closed').toBe('closed');
      });
    },
    async stop(name: SubgraphName) {
      await running.get(name)?.close();
      running.delete(name);
    },
    async close() {
      await system.gateway.close();
      await Promise.all([...running.keys()].map((name) => system.stop(name)));
    },
    gateway: undefined as unknown as RunningGateway,
  };

  // Each subgraph is started once, so that it has its own port even if the test wants it to be unavailable.
  for (const name of names) await system.start(name);
  for (const name of names) if (!(options.running ?? names).includes(name)) await system.stop(name);
  const gateway = startGateway({
    supergraph: readSupergraph(supergraphSdl),
    logger,
    revokedSessions: system.revokedSessions,
    metrics: system.metrics,
    ...(options.feed === undefined ? {} : { feed: options.feed }),
    ...(options.executionStages === undefined ? {} : { executionStages: options.executionStages }),
    ...(options.follow === undefined ? {} : { follow: options.follow }),
    config: createGatewayConfig(
      {
        // The supergraph of the test has these subgraphs only, whatever the table of services has.
        subgraphUrls: Object.fromEntries(names.map((name) => [name, [system.getUrl(name)]])),
        internalTokenKey: internalKey.privateJwk,
      },
      options.config,
    ),
  });
  system.gateway = await gateway.catch(async (error: unknown) => {
    await Promise.all([...running.keys()].map((name) => system.stop(name)));
    throw error;
  });
  return system;
}

export interface GraphQLAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; path?: readonly unknown[]; extensions: Record<string, unknown> }[];
}

/** Sends a query to the gateway. */
export async function execute(
  url: string,
  query: string,
  headers: Record<string, string> = {},
  variables: Record<string, unknown> = {},
  operationName?: string,
): Promise<GraphQLAnswer> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables, operationName }),
  });
  return { status: answer.status, headers: answer.headers, ...((await answer.json()) as object) };
}
