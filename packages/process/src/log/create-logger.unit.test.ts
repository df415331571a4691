import { createLogger } from './create-logger.ts';

function write(fields: object, message = 'a line'): string {
  const lines: string[] = [];
  createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } }).info(fields, message);
  const [line = ''] = lines;
  // It is still one JSON object.
  expect(JSON.parse(line)).toMatchObject({ service: 'test' });
  return line;
}

const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';

test.each([
  ['a field of a secret name', { password: 'hidden-text', input: { refreshToken: 'hidden-text' } }, 'hidden-text'],
  ['a cookie', { cookie: 'session=hidden-text' }, 'hidden-text'],
  [
    'an address in the message of an error',
    { err: new Error('rejected <ada.lovelace+1@shop.example>') },
    'ada.lovelace',
  ],
  ['an address after a line break', { reason: 'two lines:\nada@shop.example\\ada@shop.example' }, 'shop.example'],
  ['the credentials of a URL', { reason: 'no answer of nats://order:hidden-text@10.0.0.1:4222' }, 'hidden-text'],
  ['a signed token', { reason: `malformed: ${jwt}` }, 'eyJ'],
  ['a token in a link', { url: 'https://shop.example/reset-password?lang=en&token=hidden-text' }, 'hidden-text'],
])('a line never has %s', (_what, fields, secret) => {
  expect(write(fields)).not.toContain(secret);
});

test('other texts stay as they are', () => {
  const stack = 'at run (file:///app/node_modules/@apollo/server/dist/run.js:1:2)';
  const line = write({ reason: stack, url: 'http://127.0.0.1:4000/graphql?a=b', email: null });
  expect(line).toContain('node_modules/@apollo/server');
  expect(line).toContain('graphql?a=b');
});

test('a long line is searched in time that grows with its length only', () => {
  const startedAt = process.cpuUsage().user;
  write({ reason: `${'a'.repeat(1_000_000)} @` });
  expect(process.cpuUsage().user - startedAt).toBeLessThan(5_000_000);
});
