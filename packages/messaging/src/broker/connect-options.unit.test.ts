import { connectOptions } from './connect-options.ts';

test('takes credentials from the URL', () => {
  expect(connectOptions('nats://order:p%40ss%2Fword@broker:4333', 'order')).toMatchObject({
    servers: ['broker:4333'],
    user: 'order',
    pass: 'p@ss/word',
    name: 'order',
    inboxPrefix: '_INBOX_order',
  });
});

test('accepts a token, no credentials, several servers and TLS', () => {
  expect(connectOptions('nats://s3cret@broker', 'order')).toMatchObject({ servers: ['broker:4222'], token: 's3cret' });
  expect(connectOptions('nats://broker', 'order')).not.toHaveProperty('user');
  expect(connectOptions('nats://u:p@one:1, nats://u:p@two:2', 'order')).toMatchObject({
    servers: ['one:1', 'two:2'],
    user: 'u',
    pass: 'p',
  });
  expect(connectOptions('tls://[::1]:4222', 'order')).toMatchObject({ servers: ['[::1]:4222'], tls: {} });
});

test.each(['', 'broker:4222', 'http://broker', 'nats://'])('rejects the URL %p without repeating it', (url) => {
  expect(() => connectOptions(url, 'order')).toThrow(TypeError);
  expect(() => connectOptions('http://u:s3cret@broker', 'order')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('s3cret') }),
  );
});
