// @ts-check
// Runs in Jest's main process before the first test file. Node 20 reads no TypeScript, so tsx loads the host of the shared servers.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

export default async function startServers() {
  // Tests start `@apollo/gateway` in their own process. It would ask metadata addresses of cloud providers.
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
  const { startSharedServers } = await tsImport('../src/shared-servers/start-host.ts', import.meta.url);
  const { SHARED_SERVERS_VARIABLE } = await tsImport('../src/config.ts', import.meta.url);
  const servers = await startSharedServers({ root });
  process.env[SHARED_SERVERS_VARIABLE] = servers.url;
  Reflect.set(globalThis, '__sharedServers', servers);
}
