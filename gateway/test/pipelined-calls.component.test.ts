import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { eventually } from '@shop/testing';
import { testResolvers } from './resolvers.ts';
import { execute, startSystem, type System } from './system.ts';

const clients = 60;
const query = 'query Named($id: ID!) { product(id: $id) { id name } }';

let system: System;
let sockets: Socket[];
/** The connections that servers of this process have accepted, but those of clients. */
const accepted = new Set<unknown>();
const onAccepted = (message: unknown): void => {
  const { socket } = message as { socket: Socket };
  if (String(socket.localPort) !== new URL(system.gateway.url).port) accepted.add(socket);
};

beforeAll(async () => {
  system = await startSystem(testResolvers);
  sockets = await Promise.all(
    Array.from({ length: clients }, async () => {
      const socket = connect(Number(new URL(system.gateway.url).port), '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    }),
  );
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await system.close();
});

test('calls with the same text share connections to a subgraph, and each client gets its own answer', async () => {
  // Now the gateway knows what the subgraph takes.
  expect(await execute(system.gateway.url, query, {}, { id: 'first' })).toMatchObject({
    data: { product: { id: 'first' } },
  });
  subscribe('net.server.socket', onAccepted);
  try {
    const answers = sockets.map((socket) => {
      let text = '';
      socket.on('data', (bytes) => void (text += bytes.toString()));
      return () => text;
    });
    // The gateway runs in this process, so that it finds all of them at once.
    for (const [index, socket] of sockets.entries()) {
      const body = JSON.stringify({ query, variables: { id: `p${index}` } });
      const head = ['POST /graphql HTTP/1.1', 'host: shop', 'content-type: application/json'];
      socket.write([...head, `content-length: ${body.length}`, '', body].join('\r\n'));
    }
    await eventually(() =>
      expect(answers.map((read) => /\{.*\}/.exec(read())?.[0])).toEqual(
        sockets.map((_socket, index) => `{"data":{"product":{"id":"p${index}","name":"Product p${index}"}}}`),
      ),
    );
  } finally {
    unsubscribe('net.server.socket', onAccepted);
  }
  expect(accepted.size).toBeLessThan(clients / 4);
});
