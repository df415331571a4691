// The load generator of `npm run bench -- gateway`, in a process of its own.
import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { answerOrders } from '../answer-orders.ts';
import { quantile } from '../results/statistics.ts';
import { readMessages, type HttpMessage } from './http-messages.ts';
import type { LoadOrder, LoadReport } from './load.ts';
import { findAll, makeToken, placeholder } from './token.ts';

answerOrders(run);

async function run(order: LoadOrder): Promise<LoadReport> {
  const { url, connections, firstNumber, requests = Infinity, milliseconds = Infinity } = order;
  const { hostname, port } = new URL(url);
  const makeRequest = createRequests(order);
  const latencies: number[] = [];
  let [sent, firstAnswer] = [0, ''];
  const started = performance.now();
  const client = async (): Promise<void> => {
    let connection = await connect(hostname, Number(port));
    while (sent < requests && performance.now() - started < milliseconds) {
      if (connection.isClosed()) connection = await connect(hostname, Number(port));
      const request = makeRequest(firstNumber + sent++);
      const start = performance.now();
      const { head, body } = await connection.ask(request);
      latencies.push(performance.now() - start);
      if (!head.startsWith('HTTP/1.1 200') || body.includes('"errors"'))
        throw new Error(
          `A request failed: ${head.slice(0, 200)}\n${body.toString().slice(0, 1_000)}\nfor ${order.body}`,
        );
      if (firstAnswer === '') firstAnswer = body.toString();
      // A gateway may close a connection after some thousand requests.
      if (/\r\nconnection: *close/i.test(head)) connection.close();
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, client));
  const seconds = (performance.now() - started) / 1_000;
  latencies.sort((a, b) => a - b);
  const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
  return { requests: latencies.length, seconds, p50, p99, firstAnswer };
}

/** All requests have the same bytes but for their token. */
function createRequests({ url, body }: LoadOrder): (number: number) => Buffer {
  const { host, pathname } = new URL(url);
  const headers = [
    'accept: application/json',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  const bytes = Buffer.from(`POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
  const places = findAll(bytes.toString('latin1'), placeholder);
  return (number) => {
    const token = Buffer.from(makeToken(number), 'latin1');
    const request = Buffer.from(bytes);
    for (const place of places) request.set(token, place);
    return request;
  };
}

interface Connection {
  ask(request: Buffer): Promise<HttpMessage>;
  isClosed(): boolean;
  close(): void;
}

async function connect(host: string, port: number): Promise<Connection> {
  const socket: Socket = net.connect({ host, port, noDelay: true });
  await once(socket, 'connect');
  let waiting: { resolve(message: HttpMessage): void; reject(error: Error): void } | null = null;
  let isClosed = false;
  const fail = (error: Error): void => {
    isClosed = true;
    waiting?.reject(error);
    waiting = null;
  };
  readMessages(socket, (message) => {
    waiting?.resolve(message);
    waiting = null;
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('The gateway closed the connection before it answered.')));
  socket.on('end', () => (isClosed = true));
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    isClosed: () => isClosed,
    close: () => {
      isClosed = true;
      socket.destroy();
    },
  };
}
