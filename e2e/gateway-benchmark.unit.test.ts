import { PassThrough } from 'node:stream';
import { readMessages } from '../bench/gateway/http-messages.ts';
import { operationNames, operations } from '../bench/gateway/operations.ts';
import { findAll, makeToken, placeholder, tokenPattern } from '../bench/gateway/token.ts';

/** Reads messages whose bytes arrive in pieces of the given length. */
async function read(bytes: string, pieceLength: number): Promise<{ line: string | undefined; body: string }[]> {
  const socket = new PassThrough();
  const messages: { line: string | undefined; body: string }[] = [];
  readMessages(socket, ({ head, body }) => messages.push({ line: head.split('\r\n')[0], body: body.toString() }));
  const all = Buffer.from(bytes);
  for (let start = 0; start < all.length; start += pieceLength) socket.write(all.subarray(start, start + pieceLength));
  socket.end();
  await new Promise((resolve) => socket.on('end', resolve));
  return messages;
}

const bytes = [
  'POST /graphql HTTP/1.1\r\nContent-Length: 10\r\nhost: a\r\n\r\n{"a":"é"}',
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n{"a\r\n10\r\n":"0123456789ab"\r\n1\r\n}\r\n0\r\n\r\n',
  'GET /keys HTTP/1.1\r\nhost: a\r\n\r\n',
  'HTTP/1.1 500 No\r\ncontent-length: 2\r\n\r\nno',
].join('');

test.each([1, 7, 50, 10_000])('HTTP messages are read from pieces of %i bytes', async (pieceLength) => {
  expect(await read(bytes, pieceLength)).toEqual([
    { line: 'POST /graphql HTTP/1.1', body: '{"a":"é"}' },
    { line: 'HTTP/1.1 200 OK', body: '{"a":"0123456789ab"}' },
    { line: 'GET /keys HTTP/1.1', body: '' },
    { line: 'HTTP/1.1 500 No', body: 'no' },
  ]);
});

test.each(operationNames)(
  'each request of the operation "%s" has its own token, at places that do not move',
  (name) => {
    const { body } = operations[name];
    const places = findAll(body, placeholder);
    expect(places).not.toEqual([]);
    const other = body.replaceAll(placeholder, makeToken(123));
    expect(findAll(other, makeToken(123))).toEqual(places);
    expect(tokenPattern.exec(other)?.[0]).toBe(makeToken(123));
    expect(JSON.parse(other)).not.toEqual(JSON.parse(body));
  },
);
