import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { processStartedAt } from '@shop/stack';
import { temporaryDirectory } from '@shop/testing';
import { findUrl, readConfig } from './config.ts';

test('the API is at GATEWAY_PORT, else at the port of the stack that runs on DATA_DIR, else at 4000', async () => {
  const directory = await temporaryDirectory();
  const find = (env: NodeJS.ProcessEnv = {}) => findUrl(readConfig({ DATA_DIR: directory.path, ...env }));
  const lock = (content: object) => writeFileSync(path.join(directory.path, 'stack.lock'), JSON.stringify(content));
  try {
    expect(await find()).toBe('http://127.0.0.1:4000/graphql');
    const running = { pid: process.pid, startedAt: await processStartedAt(process.pid), postgresPort: null };
    lock({ ...running, gatewayPort: 7123 });
    expect(await find()).toBe('http://127.0.0.1:7123/graphql');
    expect(await find({ GATEWAY_PORT: '7124' })).toBe('http://127.0.0.1:7124/graphql');
    // Of an earlier release, and of a process that is gone.
    lock(running);
    expect(await find()).toBe('http://127.0.0.1:4000/graphql');
    lock({ ...running, startedAt: 'earlier', gatewayPort: 7123 });
    expect(await find()).toBe('http://127.0.0.1:4000/graphql');
  } finally {
    await directory.remove();
  }
});
