import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { generateKey } from '../keys/generate-key.ts';
import { formatKeys } from '../keys/key-file.ts';

/** What only this stack knows, generated once and kept in `DATA_DIR/secrets`. */
export interface Secrets {
  /** Signs the tokens that the gateway gives to the subgraphs. */
  readonly internalTokenKey: JWK;
  /** The file of the keys that sign the users' access tokens. `npm run keys` changes it while the user subgraph runs. */
  readonly accessTokenKeysFile: string;
  /** Of the superuser and of each subgraph's role. */
  readonly databasePasswords: Readonly<Record<'postgres' | 'user' | 'product' | 'order', string>>;
  /** By the broker's user. */
  readonly natsPasswords: Readonly<Record<string, string>>;
}

/** Private keys of access tokens, in the directory of the secrets: a list in JSON. */
export const ACCESS_TOKEN_KEYS_FILE = 'access-token-keys.json';

/** Reads the secrets, making those that are missing. */
export async function loadSecrets(directory: string, natsUsers: readonly string[]): Promise<Secrets> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const password = (name: string) => loadSecret(join(directory, name), generatePassword);
  const accessTokenKeysFile = join(directory, ACCESS_TOKEN_KEYS_FILE);
  const [internalTokenKey, postgres, user, product, order, ...broker] = (await Promise.all([
    loadKey(join(directory, 'internal-token-key.json')),
    ...['postgres', 'user', 'product', 'order'].map((name) => password(`database-${name}`)),
    ...natsUsers.map((name) => password(`nats-${name}`)),
  ])) as [JWK, ...string[]];
  await loadSecret(accessTokenKeysFile, async () => formatKeys([await generateKey()]).trim());
  return {
    internalTokenKey,
    accessTokenKeysFile,
    databasePasswords: { postgres: postgres ?? '', user: user ?? '', product: product ?? '', order: order ?? '' },
    natsPasswords: Object.fromEntries(natsUsers.map((name, index) => [name, broker[index] ?? ''])),
  };
}

/** 144 random bits, in characters that need no quoting anywhere. */
export function generatePassword(): string {
  return randomBytes(18).toString('base64url');
}

/**
 * Reads a secret from its file (mode 0600), making it if it is missing. It appears in one step, so that a start which is
 * interrupted leaves none that is empty.
 */
export async function loadSecret(file: string, make: () => string | Promise<string>): Promise<string> {
  const kept = await readSecretFile(file);
  if (kept !== null) return kept;
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${await make()}\n`, { mode: 0o600 });
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // another process was faster: its secret counts
  });
  await rm(draft);
  return (await readFile(file, 'utf8')).trim();
}

/** A secret as it is kept; `null` if it is missing or may not be read. */
export async function readSecretFile(file: string): Promise<string | null> {
  return readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}

async function loadKey(file: string): Promise<JWK> {
  return JSON.parse(await loadSecret(file, async () => JSON.stringify(await generateKey()))) as JWK;
}

/** The part of a key that everybody may see. */
export function publicPart({ d: _private, ...jwk }: JWK): JWK {
  return jwk;
}
