import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ServiceName, serviceNames } from '@shop/contracts';
import type { JWK } from 'jose';
import { formatKeys, generateKey } from '../keys/key-file.ts';
import { syncDirectory, writeSynced } from '../process/synced-file.ts';

/** The secrets of this stack, generated once and kept in `DATA_DIR/secrets`. */
export interface Secrets {
  /** The key of the tokens that the gateway sends to the subgraphs. */
  readonly internalTokenKey: JWK;
  /** The file of the keys that sign access tokens. `npm run keys` changes it while the system runs. */
  readonly accessTokenKeysFile: string;
  /** The key that encrypts former e-mails: 32 bytes in base64url. */
  readonly formerAddressKey: string;
  /** Passwords of the superuser and of each service's role. */
  readonly databasePasswords: Readonly<Record<'postgres' | ServiceName, string>>;
  /** Passwords at the broker, by user. */
  readonly natsPasswords: Readonly<Record<string, string>>;
}

/** File of the private keys of access tokens, in the directory of the secrets: a list in JSON. */
export const ACCESS_TOKEN_KEYS_FILE = 'access-token-keys.json';

/** Reads the secrets and generates the missing ones, such as those of a service that is new. */
export async function loadSecrets(directory: string, natsUsers: readonly string[]): Promise<Secrets> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const password = (name: string) => loadSecret(join(directory, name), generatePassword);
  const accessTokenKeysFile = join(directory, ACCESS_TOKEN_KEYS_FILE);
  const passwords = async <Name extends string>(kind: string, names: readonly Name[]) =>
    Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await password(`${kind}-${name}`)] as const)),
    ) as Record<Name, string>;
  const [internalTokenKey, formerAddressKey, databasePasswords, natsPasswords] = await Promise.all([
    loadKey(join(directory, 'internal-token-key.json')),
    loadSecret(join(directory, 'former-address-key'), generateSymmetricKey),
    passwords('database', ['postgres' as const, ...serviceNames]),
    passwords('nats', natsUsers),
  ]);
  await loadSecret(accessTokenKeysFile, async () => formatKeys([await generateKey()]).trim());
  await syncDirectory(dirname(directory));
  return {
    internalTokenKey,
    accessTokenKeysFile,
    formerAddressKey,
    databasePasswords,
    natsPasswords,
  };
}

/** A password of 144 random bits. No shell, URL or file format has to quote its characters. */
export function generatePassword(): string {
  return randomBytes(18).toString('base64url');
}

/** A key of 256 random bits, in base64url. */
export function generateSymmetricKey(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Reads a secret from its file (mode 0600), or generates it. The file appears in one step, and the disk has it before it is used: an
 * interrupted start or a power cut leaves no empty one beside databases that need it.
 */
export async function loadSecret(file: string, generate: () => string | Promise<string>): Promise<string> {
  const kept = await readSecretFile(file);
  if (kept !== null) return kept;
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  await writeSynced(draft, `${await generate()}\n`, { mode: 0o600 });
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // another process was faster, and its secret counts
  });
  await rm(draft);
  await syncDirectory(dirname(file));
  return (await readFile(file, 'utf8')).trim();
}

/** Reads a secret; `null` if the file is missing or unreadable. */
export async function readSecretFile(file: string): Promise<string | null> {
  return readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}

async function loadKey(file: string): Promise<JWK> {
  return JSON.parse(await loadSecret(file, async () => JSON.stringify(await generateKey()))) as JWK;
}

/** The public part of a key. */
export function publicPart({ d: _private, ...jwk }: JWK): JWK {
  return jwk;
}
