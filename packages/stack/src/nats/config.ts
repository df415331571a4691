import { homedir } from 'node:os';
import { join } from 'node:path';
import type { FindNatsOptions } from './find-server.ts';

/** Where the environment says to look for nats-server: `NATS_SERVER_BIN`, `XDG_CACHE_HOME`, `PATH`, `NATS_RELEASES_URL`. */
export function natsSourceOptions(env: NodeJS.ProcessEnv = process.env): FindNatsOptions {
  const given = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  return {
    given: given('NATS_SERVER_BIN'),
    cacheDir: join(given('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'federated-commerce', 'nats-server'),
    searchPath: given('PATH') ?? '',
    releasesUrl: given('NATS_RELEASES_URL'),
  };
}
