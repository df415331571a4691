import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anonymous } from '@shop/process';
import { graphql, type GraphQLSchema } from 'graphql';
import type { SubgraphAnswer } from './compose-supergraph.ts';
import { contextOf, subgraphSchema, type SubgraphSource } from './subgraph-schema.ts';

/** A call that a served subgraph has got. */
export interface ServedCall {
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Changes an answer, for example into one with an error. */
export type ChangeAnswer = (answer: SubgraphAnswer, call: ServedCall) => SubgraphAnswer;

export interface ServedSubgraphs {
  /** The base URLs, by the names of the subgraphs. */
  readonly urls: Readonly<Record<string, string>>;
  /** Undefined leaves the answers as they are. */
  setChange(change: ChangeAnswer | undefined): void;
  close(): Promise<void>;
}

/**
 * Serves subgraphs over HTTP, for a gateway that runs as it does in production. They check no token: each caller is anonymous.
 *
 * @param options.documents JSON documents that every subgraph serves, by their paths, such as `/.well-known/jwks.json`
 */
export async function serveSubgraphs(
  subgraphs: Readonly<Record<string, SubgraphSource>>,
  { documents = {} }: { readonly documents?: Readonly<Record<string, unknown>> } = {},
): Promise<ServedSubgraphs> {
  let change: ChangeAnswer | undefined;
  const served = { '/health/live': { status: 'live' }, '/health/ready': { status: 'ready', checks: {} }, ...documents };

  async function answer(name: string, schema: GraphQLSchema, request: IncomingMessage): Promise<unknown> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname !== '/graphql') return (served as Record<string, unknown>)[pathname];
    const { query, variables } = JSON.parse(await readText(request)) as Omit<ServedCall, 'name'>;
    const result = (await graphql({
      schema,
      source: query,
      variableValues: variables,
      contextValue: contextOf(name, subgraphs[name] as SubgraphSource, anonymous),
    })) as SubgraphAnswer;
    return change === undefined ? result : change(toJson(result), { name, query, variables });
  }

  const servers = await Promise.all(
    Object.entries(subgraphs).map(async ([name, source]) => {
      const schema = subgraphSchema(name, source);
      const server = createServer((request, response) => {
        answer(name, schema, request).then(
          (body) =>
            response
              .writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' })
              .end(JSON.stringify(body ?? {})),
          (error: unknown) => response.writeHead(500).end(String(error)),
        );
      });
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
      return { name, server };
    }),
  );
  return {
    urls: Object.fromEntries(
      servers.map(({ name, server }) => [name, `http://127.0.0.1:${(server.address() as AddressInfo).port}`]),
    ),
    setChange: (next) => void (change = next),
    close: async () => void (await Promise.all(servers.map(({ server }) => closeServer(server)))),
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
  return text;
}

const toJson = (answer: SubgraphAnswer) => JSON.parse(JSON.stringify(answer)) as SubgraphAnswer;

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
