import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { ExpectedError } from '@shop/process';
import { generateKey } from '@shop/stack';

/**
 * Writes an env file from an example. Every variable of the example without a value gets a new secret.
 *
 * @throws ExpectedError when the file exists. It is never changed, since the databases were created with its passwords.
 */
export async function writeSecrets(example: string, output: string): Promise<void> {
  const text = await readFile(example, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new ExpectedError(`${example} cannot be read (${cause.code}): run this in the root of the project.`, {
      cause,
    });
  });
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

/** The variables that hold keys; all other secrets are passwords. */
async function generateKeys(): Promise<Readonly<Record<string, string>>> {
  const [internal, access] = await Promise.all([generateKey(), generateKey()]);
  const { d: _private, ...internalPublic } = internal;
  return {
    INTERNAL_TOKEN_KEY: JSON.stringify(internal),
    INTERNAL_TOKEN_JWKS: JSON.stringify({ keys: [internalPublic] }),
    ACCESS_TOKEN_KEY: JSON.stringify(access),
  };
}

/** Passwords are parts of URLs, so they have letters and digits only. */
const newPassword = () => randomBytes(24).toString('hex');
