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
/** The products wait for it. */
let gate = Promise.resolve();
/** The products that were asked for. */
let begun = 0;
/** The connections that servers of this process have accepted, but those of clients. */
const accepted = new Set<unknown>();
const onAccepted = (message: unknown): void => {
  const { socket } = message as { socket: Socket };
  if (String(socket.localPort) !== new URL(system.gateway.url).port) accepted.add(socket);
};

beforeAll(async () => {
  const product = async (_parent: unknown, { id }: { id: string }) => {
    begun += 1;
    await gate;
    return { id, name: `Product ${id}` };
  };
  system = await startSystem({ ...testResolvers, product: { ...testResolvers.product, Query: { product } } });
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

const answerTo = (id: string) => `{"data":{"product":{"id":"${id}","name":"Product ${id}"}}}`;

/** Asks for a product, on a connection that has no other request. */
function ask(socket: Socket, id: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const read = (bytes: Buffer) => {
      text += bytes.toString();
      const answer = /\r\n\r\n(\{.*\})\n?$/s.exec(text)?.[1];
      if (answer === undefined) return;
      socket.off('data', read);
      resolve(answer);
    };
    socket.on('data', read);
    const body = JSON.stringify({ query, variables: { id } });
    const head = ['POST /graphql HTTP/1.1', 'host: shop', 'content-type: application/json'];
    socket.write([...head, `content-length: ${body.length}`, '', body].join('\r\n'));
  });
}

test('calls with the same text share connections to a subgraph, and each client gets its own answer', async () => {
  // Now the gateway knows what the subgraph takes.
  expect(await execute(system.gateway.url, query, {}, { id: 'first' })).toMatchObject({
    data: { product: { id: 'first' } },
  });
  subscribe('net.server.socket', onAccepted);
  try {
    // The gateway runs in this process, so that it finds all of them at once.
    const answers = await Promise.all(sockets.map((socket, index) => ask(socket, `p${index}`)));
    expect(answers).toEqual(sockets.map((_socket, index) => answerTo(`p${index}`)));
  } finally {
    unsubscribe('net.server.socket', onAccepted);
  }
  expect(accepted.size).toBeLessThan(clients / 4);
});

test('calls that share connections are all answered when the subgraph stops', async () => {
  let open = (): void => {};
  gate = new Promise((resolve) => (open = resolve));
  begun = 0;
  const answers = Promise.all(sockets.map((socket, index) => ask(socket, `s${index}`)));
  await eventually(() => expect(begun).toBe(clients));
  const port = Number(new URL(system.getUrl('product')).port);
  const stopped = system.stop('product');
  await eventually(() => expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED'));
  open();
  expect(await answers).toEqual(sockets.map((_socket, index) => answerTo(`s${index}`)));
  await stopped;
  // Each was executed once: none was sent again.
  expect(begun).toBe(clients);
  await system.start('product');
  expect(await ask(sockets[0] as Socket, 'next')).toBe(answerTo('next'));
});
