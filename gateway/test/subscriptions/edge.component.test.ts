import { Agent, request as requestHttps } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { eventually } from '@shop/testing';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startNginx, type RunningProxy } from '../edge-proxy.ts';
import { findProgram } from '../programs.ts';
import { findStream, startLiveSystem, watch, type LiveSystem } from './live-system.ts';

const nginx = findProgram('nginx');
const withNginx = nginx === undefined ? test.skip : test;
const title = nginx === undefined ? 'nginx (skipped: nginx was not found)' : 'nginx';

let system: LiveSystem;
let proxy: RunningProxy;
beforeAll(async () => {
  if (nginx === undefined) return;
  system = await startLiveSystem();
  proxy = await startNginx(nginx, [Number(new URL(system.gateway.url).port)]);
});
afterAll(async () => {
  await proxy?.stop();
  await system?.close();
});

/** Sends a subscription through the proxy. The text grows as parts of the body arrive. */
async function send(id: string, accept: string, agent: Agent) {
  const body = JSON.stringify({ query: watch, variables: { id } });
  const request = requestHttps({
    host: '127.0.0.1',
    port: proxy.port,
    path: '/graphql',
    method: 'POST',
    agent,
    ca: proxy.ca,
    servername: 'localhost',
    headers: { accept, 'content-type': 'application/json', 'content-length': body.length },
  });
  request.end(body);
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    request.once('response', resolve).once('error', reject),
  );
  const seen = { text: '', hasEnded: false };
  response.on('data', (chunk) => (seen.text += String(chunk))).once('end', () => (seen.hasEnded = true));
  return { seen, response, request };
}

withNginx.each([
  ['text/event-stream', 'event: complete\ndata:\n\n'],
  ['multipart/mixed;subscriptionSpec=1.0', '--graphql--\r\n'],
])(`${title} passes each message of %s on at once, and its end`, async (accept, end) => {
  const agent = new Agent();
  const { seen, response } = await send(accept, accept, agent);
  expect(response.statusCode).toBe(200);
  const stream = await findStream(system, accept);
  for (const status of ['PENDING', 'RESERVED']) {
    stream.push(status);
    await eventually(() => expect(seen.text).toContain(status));
  }
  stream.end('complete');
  await eventually(() => expect([seen.hasEnded, seen.text.endsWith(end)]).toEqual([true, true]));
  agent.destroy();
});

withNginx(`${title} tells the gateway that a client has left`, async () => {
  const agent = new Agent();
  const { request } = await send('leaves', 'text/event-stream', agent);
  const stream = await findStream(system, 'leaves');
  request.destroy();
  await eventually(() => expect(stream.ending).toBe('closed'));
  agent.destroy();
});

withNginx(`${title} passes WebSockets, also those of its own pages`, async () => {
  class Socket extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol, { ca: proxy.ca, origin: `https://localhost:${proxy.port}` });
    }
  }
  const client = createClient({ url: `wss://localhost:${proxy.port}/graphql`, webSocketImpl: Socket });
  const results = client.iterate<{ orderUpdated: { status: string } }>({ query: watch, variables: { id: 'socket' } });
  const first = results.next();
  (await findStream(system, 'socket')).push('PENDING');
  expect((await first).value?.data?.orderUpdated.status).toBe('PENDING');
  const last = results.next();
  system.findOpen('socket')[0]?.end('complete');
  expect((await last).done).toBe(true);
  void client.dispose();
});
