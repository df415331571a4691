import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createCertificate } from '@shop/testing';
import { isAnswered } from '../src/process/is-answered.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server, scheme: string): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const answer =
  (status: number): RequestListener =>
  (_request, response) =>
    response.writeHead(status).end('text');

test.each([
  [200, true],
  [503, false],
])(
  'an answer with %i counts as %s, in plain text and with a certificate that nobody has signed',
  async (status, expected) => {
    const certificate = await createCertificate(-1);
    expect(await isAnswered(await listen(createServer(answer(status)), 'http'))).toBe(expected);
    expect(await isAnswered(await listen(createTlsServer(certificate, answer(status)), 'https'))).toBe(expected);
  },
);

test('no answer counts as none', async () => {
  const url = await listen(createServer(answer(200)), 'http');
  expect(await isAnswered(url.replace('http', 'https'))).toBe(false);
  expect(await isAnswered('http://127.0.0.1:1/')).toBe(false);
});
