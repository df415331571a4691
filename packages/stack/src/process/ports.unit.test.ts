import { createServer } from 'node:net';
import { freePort, INSPECTOR_OFFSET, whyPortIsUnusable } from './ports.ts';

const FIRST_OUTGOING_PORT = 32_768;

test('a chosen port and its inspector are free and below the ports of outgoing connections', async () => {
  const port = await freePort();
  expect(port + INSPECTOR_OFFSET).toBeLessThan(FIRST_OUTGOING_PORT);
  expect([await whyPortIsUnusable(port), await whyPortIsUnusable(port + INSPECTOR_OFFSET)]).toEqual([null, null]);
});

test('no port is chosen twice while nobody listens on it yet', async () => {
  const ports = await Promise.all(Array.from({ length: 500 }, freePort));
  expect(new Set(ports).size).toBe(ports.length);
});

test('a port in use is unusable, and the reason is told', async () => {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    expect(await whyPortIsUnusable(port)).toBe('EADDRINUSE');
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
