import { existsSync } from 'node:fs';
import path from 'node:path';
import { nameVariables, type ServiceName, serviceNames, services } from '@shop/contracts';
import { readDatabaseConfig } from '@shop/stack';
import { readBackupConfig } from '../../cli/src/backup/config.ts';
import { createKubernetesSecret } from '../../cli/src/secrets/write-secrets.ts';
import { readConfig as readGatewayConfig } from '../../gateway/src/config.ts';
import { readConfig as readMailboxConfig } from '../../packages/mailbox/src/config.ts';
import { readSeedConfig, readSubgraphConfig } from '../../packages/subgraph/src/service/config.ts';
import { listContainers, listPods, type Manifest, type Part } from './objects.ts';

type Environment = Record<string, string>;
/** Reads a configuration, perhaps with files that it names. */
type Read = (env: NodeJS.ProcessEnv) => unknown;

/** The keys of the Secrets that the manifests refer to and do not contain, by the Secret's name, each with a value as it would be. */
export async function makeSecrets(): Promise<Record<string, Environment>> {
  const { stringData } = (await createKubernetesSecret('.env.example')) as { stringData: Environment };
  const databases = serviceNames.map((name) => [
    `${name}-database-app`,
    {
      uri: `postgresql://shop_${name}:password@${name}-database-rw.shop:5432/shop_${name}`,
      username: `shop_${name}`,
      password: 'password',
    },
  ]);
  return {
    'shop-secrets': stringData,
    mail: { SMTP_URL: 'smtp://user:password@mail.example:587' },
    'backup-storage': { ACCESS_KEY_ID: 'id', SECRET_ACCESS_KEY: 'key' },
    ...(Object.fromEntries(databases) as Record<string, Environment>),
  };
}

/**
 * The mistakes in the environments of our containers: a variable that the process does not read, a required one that is missing, a
 * value that it refuses. The processes' own configuration decides.
 */
export async function findEnvironmentErrors(
  objects: readonly Manifest[],
  secrets: Readonly<Record<string, Environment>>,
): Promise<string[]> {
  const ours = listPods(objects).flatMap(({ owner, spec }) =>
    spec === undefined
      ? []
      : listContainers(spec)
          .filter(({ command = [] }) => command[0] === 'node')
          .map((container) => ({ place: `${owner}/${container.name}`, container })),
  );
  const errors = await Promise.all(
    ours.map(async ({ place, container }) => {
      const { env, used, missing } = resolveEnvironment(container, objects, secrets);
      const read = await findReader(container.command);
      const asked = new Set<string>();
      const watched = new Proxy(env, {
        get: (target, name: string) => (asked.add(name), target[name]),
      });
      const refused: string[] = [];
      try {
        await read(watched);
      } catch (error) {
        refused.push((error as Error).message);
      }
      const unknown = Object.keys(env).filter((name) => !asked.has(name) && !used.has(name));
      const files = Object.entries(env).filter(
        ([name, value]) =>
          /_(FILE|DIR)$/.test(name) &&
          !container.volumeMounts.some((mount: Part) => `${value}/`.startsWith(`${mount.mountPath}/`)),
      );
      return [
        ...missing,
        ...refused,
        ...unknown.map((name) => `${name} is read by no configuration`),
        ...files.map(([name]) => `${name} is in no volume`),
      ].map((text) => `${place}: ${text}`);
    }),
  );
  return errors.flat();
}

/** The environment as Kubernetes makes it: a later entry wins, and `$(NAME)` is an earlier one. */
export function resolveEnvironment(
  container: Part,
  objects: readonly Manifest[],
  secrets: Readonly<Record<string, Environment>>,
): { env: Environment; used: Set<string>; missing: string[] } {
  const env: Environment = {};
  const used = new Set<string>();
  const missing: string[] = [];
  const maps = Object.fromEntries(
    objects
      .filter(({ kind }) => kind === 'ConfigMap')
      .map(({ metadata, data = {} }) => [metadata.name, data as Environment]),
  );
  const made = Object.fromEntries(
    objects
      .filter(({ kind }) => kind === 'Secret')
      .map(({ metadata, data = {} }) => [
        metadata.name,
        Object.fromEntries(
          Object.entries(data as Environment).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
        ),
      ]),
  );
  for (const { configMapRef } of container.envFrom ?? []) {
    if (maps[configMapRef.name] === undefined) missing.push(`there is no ConfigMap ${configMapRef.name}`);
    Object.assign(env, maps[configMapRef.name]);
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const secret = valueFrom?.secretKeyRef;
    const map = valueFrom?.configMapKeyRef;
    const source = secret ?? map;
    const found = secret
      ? { ...secrets, ...made }[secret.name]?.[secret.key]
      : map
        ? maps[map.name]?.[map.key]
        : undefined;
    if (source !== undefined && found === undefined && source.optional !== true)
      missing.push(`${name}: nothing makes the key ${source.key} of ${source.name}`);
    const text = (valueFrom?.fieldRef ? container.name : (value ?? found)) as string | undefined;
    if (text === undefined) continue;
    env[name] = text.replace(/\$\(([A-Z0-9_]+)\)/g, (_all, other: string) => {
      used.add(other);
      if (env[other] === undefined) missing.push(`${name}: $(${other}) is no earlier variable`);
      return env[other] ?? '';
    });
  }
  return { env, used, missing };
}

/** The configuration that a command of the image reads. */
async function findReader([, program = '', ...args]: readonly string[]): Promise<Read> {
  if (program === 'dist/gateway.js') return readGatewayConfig;
  if (program === 'dist/mailbox.js') return readMailboxConfig;
  if (program === 'dist/shop.js') return (env) => readCommandConfig(env, args);
  const [, name = '', seed] = /^dist\/([a-z]+)(-seed)?\.js$/.exec(program) ?? [];
  const own = await importConfig(name);
  if (!serviceNames.includes(name as ServiceName)) throw new Error(`${program} is no program of the image.`);
  const { port } = services[name as ServiceName];
  return seed === undefined
    ? (env) => readSubgraphConfig({ name, port }, own.readConfig ?? (() => undefined), env)
    : (env) => readSeedConfig({ name }, own.readSeedConfig ?? (() => undefined), env);
}

async function importConfig(name: string): Promise<{ readConfig?: Read; readSeedConfig?: Read }> {
  const file = path.resolve('subgraphs', name, 'src/config.ts');
  return existsSync(file) ? ((await import(file)) as object) : {};
}

/** A backup has settings of its own. To check one needs no database. */
async function readCommandConfig(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<void> {
  if (args[0] === 'backup') {
    const { key } = await readBackupConfig(env);
    if (key === undefined) throw new Error('it has no key to encrypt the backup');
    if (args[1] === 'check') return;
  }
  readDatabases(env, args);
}

/** A command needs the databases of the services that it names, or all. */
function readDatabases(env: NodeJS.ProcessEnv, args: readonly string[]): void {
  const { databaseUrls } = readDatabaseConfig(env);
  const at = args.indexOf('--service');
  const needed = at < 0 ? serviceNames : [args[at + 1] as ServiceName];
  const missing = needed.filter((name) => databaseUrls[name] === undefined);
  if (missing.length > 0)
    throw new Error(`${missing.map((name) => nameVariables(name).databaseUrl).join(', ')} is missing`);
  const others = serviceNames.filter((name) => !needed.includes(name) && databaseUrls[name] !== undefined);
  if (others.length > 0) throw new Error(`it has the databases of ${others.join(', ')} too`);
}
