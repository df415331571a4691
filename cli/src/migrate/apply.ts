import { join } from 'node:path';
import type { ServiceName } from '@shop/contracts';
import { migrate } from '@shop/migrations';
import type { Target } from '../databases/targets.ts';

/** The migrations that were applied to the database of a subgraph. */
export interface AppliedMigrations {
  readonly service: ServiceName;
  readonly applied: readonly string[];
}

/**
 * Applies the pending migrations of all targets, at the same time.
 *
 * @throws ExpectedError naming the migration that failed.
 */
export async function applyMigrations(
  root: string,
  targets: readonly Target[],
  onProgress: (done: number) => void = () => {},
): Promise<AppliedMigrations[]> {
  let done = 0;
  return Promise.all(
    targets.map(async ({ name, databaseUrl }) => {
      const applied = await migrate({ schemaDir: join(root, 'prisma', name), databaseUrl });
      onProgress((done += 1) / targets.length);
      return { service: name, applied };
    }),
  );
}

/** For example `migrations applied: user 3, order 1`. */
export function formatApplied(migrations: readonly AppliedMigrations[]): string {
  const texts = migrations
    .filter(({ applied }) => applied.length > 0)
    .map(({ service, applied }) => `${service} ${applied.length}`);
  return texts.length === 0 ? 'migrations up to date' : `migrations applied: ${texts.join(', ')}`;
}
