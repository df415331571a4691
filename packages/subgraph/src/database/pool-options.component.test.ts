import { createServer, type AddressInfo, type Server } from 'node:net';
import pg from 'pg';
import { poolOptions } from './pool-options.ts';

/** A message of PostgreSQL's protocol. */
function message(type: string, ...parts: (string | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)));
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

let server: Server;

beforeAll(async () => {
  const authenticated = message('R', Buffer.alloc(4));
  const ready = message('Z', Buffer.from('I'));
  const dying = message(
    'E',
    'SFATAL',
    'C57P01',
    'Mterminating connection due to unexpected postmaster exit',
    Buffer.alloc(1),
  );
  // All of it arrives at once: the connection is ready and then lost before a waiting caller could add a listener.
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.concat([authenticated, ready, dying])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test('a connection that breaks as it is handed over fails its next query, and not the process', async () => {
  const pool = new pg.Pool(
    poolOptions(`postgresql://user:password@127.0.0.1:${(server.address() as AddressInfo).port}/shop`),
  );
  pool.on('error', () => {});
  const client = await pool.connect();
  await expect(client.query('SELECT 1')).rejects.toThrow(/not queryable|Connection terminated|postmaster exit/);
  client.release(true);
  await pool.end();
});
