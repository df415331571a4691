// The subgraphs of `npm run bench -- gateway`, in a process of their own. They cost little, so that the gateways are measured.
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { conformingData } from '@shop/graphql';
import { serverLimits } from '@shop/process';
import { execute, parse, type GraphQLSchema } from 'graphql';
import { resolvers } from './graph-data.ts';
import { schemas, type SubgraphName, subgraphNames } from './graph.ts';
import { readMessages, type HttpMessage } from './http-messages.ts';
import type { SubgraphsReport } from './subgraphs.ts';
import { findAll, placeholder, tokenPattern } from './token.ts';

/** An answer with its head, and the places of the request's token in it. */
interface Template {
  readonly bytes: Buffer;
  readonly places: readonly number[];
}

let calls = 0;

process.on('message', () => void report().then((answer) => process.send?.(answer)));
process.on('disconnect', () => process.exit());

const listening = Promise.all(
  subgraphNames.map(async (name) => [name, `http://127.0.0.1:${await serve(name)}/graphql`] as const),
);

async function report(): Promise<SubgraphsReport> {
  return { urls: Object.fromEntries(await listening) as Record<SubgraphName, string>, calls };
}

async function serve(name: SubgraphName): Promise<number> {
  const typeDefs = parse(schemas[name]);
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolvers[name] }]);
  /** By the text of the request without its token: operation, variables, and so the number of representations. */
  const templates = new Map<string, Template>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    /** The answers whose templates are being made. Later ones wait for them: requests of a connection are answered in order. */
    let making: Promise<void> | undefined;
    readMessages(socket, (message) => {
      if (message.head.startsWith('GET ')) {
        // The keys of access tokens, of which there are none.
        socket.write(makeAnswer('{"keys":[]}'));
        return;
      }
      calls += 1;
      const body = message.body.toString();
      const token = tokenPattern.exec(body)?.[0] ?? placeholder;
      const key = body.replaceAll(token, placeholder);
      const template = templates.get(key);
      if (template !== undefined && making === undefined) {
        socket.write(fill(template, token));
        return;
      }
      const answering = Promise.all([template ?? makeTemplate(schema, message, token), making]).then(([made]) => {
        templates.set(key, made);
        socket.write(fill(made, token));
        if (making === answering) making = undefined;
      });
      making = answering;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function makeTemplate(schema: GraphQLSchema, { body }: HttpMessage, token: string): Promise<Template> {
  const { query, variables } = JSON.parse(body.toString()) as { query: string; variables?: Record<string, unknown> };
  const result = await execute({ schema, document: parse(query), variableValues: variables ?? {} });
  const bytes = makeAnswer(`${JSON.stringify(result)}\n`);
  return { bytes, places: findAll(bytes.toString('latin1'), token) };
}

function makeAnswer(json: string): Buffer {
  const lines = [
    'HTTP/1.1 200 OK',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(json)}`,
    // As the project's subgraphs. Other gateways do not know it.
    `${conformingData.header}: ${conformingData.value}`,
    `keep-alive: timeout=72, pipelining=${serverLimits.pipelinedCalls}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${json}`);
}

function fill({ bytes, places }: Template, token: string): Buffer {
  const filled = Buffer.from(bytes);
  const written = Buffer.from(token, 'latin1');
  for (const place of places) filled.set(written, place);
  return filled;
}
