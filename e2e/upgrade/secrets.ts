import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** SHA-256 of each secret of a data directory, in hexadecimal. */
export async function fingerprintSecrets(dataDir: string): Promise<Record<string, string>> {
  const directory = path.join(dataDir, 'secrets');
  const names = (await readdir(directory)).sort();
  const entries = names.map(async (name) => {
    const content = await readFile(path.join(directory, name));
    return [name, createHash('sha256').update(content).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
