import { join, resolve } from 'node:path';
import { type ServiceName, serviceNames } from '@shop/contracts';
import { ExpectedError } from '@shop/process';
import { requireReachable } from '../nats/probe.ts';
import { OPERATOR } from '../nats/users.ts';
import { loadAccounts } from './accounts.ts';
import type { Prepared } from './assembly.ts';
import { brokerUsers } from './broker.ts';
import { claimDataDir } from './data-dir.ts';
import { embeddedDatabaseUrl, overSocket } from './embedded-databases.ts';
import { mailboxSmtpUrl } from './mailbox.ts';
import { choosePorts, requirePorts } from './ports.ts';
import { loadSecrets } from './secrets.ts';
import type { StopOrder } from './stop-order.ts';
import { processNames, type StackOptions } from './types.ts';

/**
 * Locks the data directory, and checks ports and servers before anything is started.
 *
 * @throws ExpectedError for a data directory, a port or a broker that cannot be used.
 */
export async function prepare(options: StackOptions, root: string, stopOrder: StopOrder): Promise<Prepared> {
  if (process.platform === 'win32')
    throw new ExpectedError('This system runs on Linux and macOS. On Windows, use WSL 2.');
  const { host = '127.0.0.1', databaseUrls = {}, natsUrl, smtpUrl, subgraphUrls = {}, seed = 'demo' } = options;
  const { databaseDirectUrls = {}, databaseReadUrls = {} } = options;
  const embedded = {
    postgres: serviceNames.some((name) => databaseUrls[name] === undefined),
    nats: natsUrl === undefined,
    mailbox: smtpUrl === undefined,
  };
  const ports = await choosePorts(options.ports);
  const claimed = await claimDataDir(resolve(root, options.dataDir), {
    postgresPort: embedded.postgres ? ports.postgres : null,
    gatewayPort: ports.gateway,
  });
  stopOrder.add('data directory', claimed.release);
  const servers = [
    ...(['postgres', 'nats'] as const).filter((name) => embedded[name]),
    ...(embedded.mailbox ? (['mailbox', 'mailbox_smtp'] as const) : []),
  ];
  // The processes of a killed stack stop by themselves, within the time that services have to finish their requests.
  await requirePorts(ports, [...processNames, 'metrics', ...servers], {
    host,
    waitMs: claimed.wasAbandoned ? 20_000 : 0,
  });

  const findNatsUrl = typeof natsUrl === 'string' ? () => natsUrl : natsUrl;
  if (findNatsUrl !== undefined) await requireReachable(findNatsUrl(OPERATOR));

  const secretsDir = join(claimed.path, 'secrets');
  const secrets = await loadSecrets(secretsDir, brokerUsers);
  const embeddedUrl = (name: ServiceName): string =>
    embeddedDatabaseUrl(name, ports.postgres, secrets.databasePasswords[name]);
  return {
    inherited: options.env ?? {},
    dataDir: claimed.path,
    logDir: join(claimed.path, 'logs'),
    embedded,
    host,
    ports,
    secrets,
    seed,
    subgraphUrls,
    smtpUrl: smtpUrl ?? mailboxSmtpUrl(ports),
    accounts: await loadAccounts(options, secretsDir),
    databaseUrl: (name) => databaseUrls[name] ?? embeddedUrl(name),
    ownDatabaseUrl: (name) => databaseUrls[name] ?? overSocket(embeddedUrl(name), claimed.path),
    databaseDirectUrls,
    databaseReadUrls,
    natsUrl: findNatsUrl ?? ((user) => `nats://${user}:${secrets.natsPasswords[user] ?? ''}@127.0.0.1:${ports.nats}`),
  };
}
