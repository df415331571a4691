import { join, resolve } from 'node:path';
import { brokerUsers } from './broker.ts';
import { claimDataDir } from './data-dir.ts';
import { loadAccounts } from './accounts.ts';
import { embeddedDatabaseUrl } from './database.ts';
import { requireReachable } from '../nats/reach.ts';
import { ExpectedError } from '@shop/process';
import type { Surroundings } from './environment.ts';
import { choosePorts, requirePorts } from './ports.ts';
import { loadSecrets } from './secrets.ts';
import type { StopOrder } from './stop-order.ts';
import { SERVICES, type StackOptions, SUBGRAPHS } from './types.ts';

/** What is known before the first process is started. */
export interface Prepared extends Surroundings {
  readonly dataDir: string;
  readonly logDir: string;
  /** Which servers are started here. */
  readonly embedded: { readonly postgres: boolean; readonly nats: boolean };
}

/**
 * Takes the data directory, and finds out what is in the way before anything is started.
 *
 * @throws ExpectedError for a data directory or a port that cannot be used.
 */
export async function prepare(options: StackOptions, root: string, stopOrder: StopOrder): Promise<Prepared> {
  if (process.platform === 'win32')
    throw new ExpectedError('This runs on Linux and macOS: on Windows, run it within WSL 2.');
  const { host = '127.0.0.1', databaseUrls = {}, natsUrl, seed = 'demo' } = options;
  const embedded = {
    postgres: SUBGRAPHS.some((name) => databaseUrls[name] === undefined),
    nats: natsUrl === undefined,
  };
  const ports = await choosePorts(options.ports);
  const claimed = await claimDataDir(resolve(root, options.dataDir), embedded.postgres ? ports.postgres : null);
  stopOrder.add('data directory', claimed.release);
  const servers = (['postgres', 'nats'] as const).filter((name) => embedded[name]);
  // What a killed stack leaves behind ends by itself, within the time that services have to drain.
  await requirePorts(ports, [...SERVICES, ...servers], { host, waitMs: claimed.wasAbandoned ? 20_000 : 0 });

  if (natsUrl !== undefined) await requireReachable(natsUrl);

  const secretsDir = join(claimed.path, 'secrets');
  const secrets = await loadSecrets(secretsDir, brokerUsers);
  return {
    inherited: options.env ?? {},
    dataDir: claimed.path,
    logDir: join(claimed.path, 'logs'),
    embedded,
    host,
    ports,
    secrets,
    seed,
    accounts: await loadAccounts(options, secretsDir),
    databaseUrl: (name) =>
      databaseUrls[name] ?? embeddedDatabaseUrl(name, ports.postgres, secrets.databasePasswords[name]),
    natsUrl: (user) => natsUrl ?? `nats://${user}:${secrets.natsPasswords[user] ?? ''}@127.0.0.1:${ports.nats}`,
  };
}
