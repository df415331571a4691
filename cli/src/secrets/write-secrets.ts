import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { mapServices, nameVariables } from '@shop/contracts';
import { ExpectedError } from '@shop/process';
import { generateKey, generateSymmetricKey } from '@shop/stack';

/**
 * Writes an env file from an example. Every variable of the example without a value gets a new secret.
 *
 * @throws ExpectedError when the file exists. It is never changed, since the databases were created with its passwords.
 */
export async function writeSecrets(example: string, output: string): Promise<void> {
  const text = await readExample(example);
  const keys = await generateKeys();
  // Docker Compose takes the text between single quotes literally.
  const filled = text.replace(/^([A-Z_]+)=$/gm, (_line, name: string) => `${name}='${keys[name] ?? newPassword()}'`);
  // Only the owner may read it.
  await writeFile(output, filled, { flag: 'wx', mode: 0o600 }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST')
      throw new ExpectedError(
        `${output} exists already and was left as it is: the databases were made with its passwords. Give another file with --output.`,
      );
    throw new ExpectedError(`${output} cannot be written (${cause.code}).`, { cause });
  });
}

/**
 * Creates the Secret of Kubernetes that the manifests refer to, with a value for each variable of the example without one. The
 * operator of the databases makes their passwords.
 */
export async function createKubernetesSecret(example: string): Promise<object> {
  const text = await readExample(example);
  const databasePasswords = [
    'POSTGRES_PASSWORD',
    ...Object.values(mapServices((name) => nameVariables(name).databasePassword)),
  ];
  const names = [...text.matchAll(/^([A-Z_]+)=$/gm)].map((match) => String(match[1]));
  const wanted = new Set([...names.filter((name) => !databasePasswords.includes(name)), 'NATS_CLUSTER_PASSWORD']);
  const keys = await generateKeys();
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'shop-secrets' },
    type: 'Opaque',
    stringData: Object.fromEntries([...wanted].map((name) => [name, keys[name] ?? newPassword()])),
  };
}

function readExample(example: string): Promise<string> {
  return readFile(example, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new ExpectedError(`${example} cannot be read (${cause.code}): run this in the root of the project.`, {
      cause,
    });
  });
}

/** The variables that hold keys; all other secrets are passwords. */
async function generateKeys(): Promise<Readonly<Record<string, string>>> {
  const [internal, access] = await Promise.all([generateKey(), generateKey()]);
  const { d: _private, ...internalPublic } = internal;
  return {
    INTERNAL_TOKEN_KEY: JSON.stringify(internal),
    INTERNAL_TOKEN_JWKS: JSON.stringify({ keys: [internalPublic] }),
    ACCESS_TOKEN_KEY: JSON.stringify(access),
    FORMER_ADDRESS_KEY: generateSymmetricKey(),
    BACKUP_KEY: generateSymmetricKey(),
  };
}

/** Passwords are parts of URLs, so they have letters and digits only. */
const newPassword = () => randomBytes(24).toString('hex');
