import { existsSync } from 'node:fs';
import path from 'node:path';
import { hashOf, stampOf } from './inputs.mjs';
import { runNode } from './run.mjs';

const NAMES = ['user', 'product', 'order'];

/** Generates the database clients whose schema, or whose generator, has changed. */
export async function generatePrismaClients({ root }) {
  const generated = await Promise.all(NAMES.map((name) => generate(root, name)));
  const names = NAMES.filter((_, index) => generated[index]);
  return names.length === 0 ? 'up to date' : `generated: ${names.join(', ')}`;
}

async function generate(root, name) {
  const schema = `prisma/${name}`;
  const stamp = stampOf(root, `prisma-${name}`);
  const hash = await hashOf(root, [schema, 'node_modules/prisma/package.json'], (file) =>
    /\.prisma$|package\.json$/.test(file),
  );
  if ((await stamp.read()) === hash && existsSync(path.join(root, `subgraphs/${name}/src/db/generated/client.ts`)))
    return false;
  // The CLI looks for its native schema engine, which generating does not use, and would download it: any file satisfies it.
  const env = {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  };
  await runNode(['node_modules/prisma/build/index.js', 'generate', '--schema', schema], { root, env });
  await stamp.write(hash);
  return true;
}
