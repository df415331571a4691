import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** What only this stack knows, generated once and kept in `DATA_DIR/secrets`. */
export interface Secrets {
  /** Signs the tokens that the gateway gives to the subgraphs. */
  readonly internalTokenKey: JWK;
  /** Signs the users' access tokens. */
  readonly accessTokenKey: JWK;
  /** Of the superuser and of each subgraph's role. */
  readonly databasePasswords: Readonly<Record<'postgres' | 'user' | 'product' | 'order', string>>;
  /** By the broker's user. */
  readonly natsPasswords: Readonly<Record<string, string>>;
}

/** Reads the secrets, making those that are missing. */
export async function loadSecrets(directory: string, natsUsers: readonly string[]): Promise<Secrets> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const password = (name: string) => loadSecret(join(directory, name), generatePassword);
  const [internalTokenKey, accessTokenKey, postgres, user, product, order, ...broker] = await Promise.all([
    loadKey(join(directory, 'internal-token-key.json')),
    loadKey(join(directory, 'access-token-key.json')),
    ...['postgres', 'user', 'product', 'order'].map((name) => password(`database-${name}`)),
    ...natsUsers.map((name) => password(`nats-${name}`)),
  ]) as [JWK, JWK, ...string[]];
  return {
    internalTokenKey,
    accessTokenKey,
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
  return readFile(file, 'utf8').then((text) => text.trim(), () => null);
}

async function loadKey(file: string): Promise<JWK> {
  return JSON.parse(await loadSecret(file, generateKey)) as JWK;
}

async function generateKey(): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const kid = randomBytes(8).toString('hex');
  return JSON.stringify({ ...(await exportJWK(privateKey)), kid, alg: 'EdDSA', use: 'sig' });
}

/** The part of a key that everybody may see. */
export function publicPart({ d: _private, ...jwk }: JWK): JWK {
  return jwk;
}
