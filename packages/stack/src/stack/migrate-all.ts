import { join } from 'node:path';
import { migrate } from '@shop/migrations';
import { SUBGRAPHS, type SubgraphName } from './types.ts';

/**
 * Brings the three databases up to date, at the same time.
 *
 * @returns a text for the terminal: `up to date`, or what was applied where.
 */
export async function migrateAll(root: string, databaseUrl: (name: SubgraphName) => string): Promise<string> {
  const applied = await Promise.all(
    SUBGRAPHS.map(async (name) => {
      const names = await migrate({ schemaDir: join(root, 'prisma', name), databaseUrl: databaseUrl(name) });
      return names.length === 0 ? [] : [`${name} ${names.length}`];
    }),
  );
  const texts = applied.flat();
  return texts.length === 0 ? 'up to date' : `applied: ${texts.join(', ')}`;
}
