import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceName } from '@shop/contracts';
import { ExpectedError } from '@shop/process';
import { formatTable } from '../command-line/table.ts';
import { connect, type Target } from '../databases/targets.ts';

/** The applied, pending and unknown migrations of a subgraph's database. */
export interface MigrationStatus {
  readonly service: ServiceName;
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Migrations that began and did not finish. Nothing is applied until they are resolved. */
  readonly failed: readonly string[];
  /** Migrations of the database that this version of the project lacks: the project is older than the database. */
  readonly unknown: readonly string[];
}

/** Compares the migrations of the project with those that each database has recorded. */
export function readMigrationStatus(root: string, targets: readonly Target[]): Promise<MigrationStatus[]> {
  return Promise.all(
    targets.map(async (target) => {
      const [known, rows] = await Promise.all([listMigrations(root, target.name), readRecords(target)]);
      const applied = rows.filter(({ isFinished }) => isFinished).map(({ name }) => name);
      const failed = rows.filter(({ isFinished }) => !isFinished).map(({ name }) => name);
      return {
        service: target.name,
        applied,
        pending: known.filter((name) => !applied.includes(name) && !failed.includes(name)),
        failed,
        unknown: applied.filter((name) => !known.includes(name)),
      };
    }),
  );
}

/** True when every database has exactly the migrations of the project. */
export function isUpToDate(statuses: readonly MigrationStatus[]): boolean {
  return statuses.every(({ pending, failed, unknown }) => pending.length + failed.length + unknown.length === 0);
}

export function formatMigrationStatus(statuses: readonly MigrationStatus[]): string {
  const rows = statuses.flatMap(({ service, applied, pending, failed, unknown }) => [
    [service, `${applied.length} applied`, ''],
    ...pending.map((name) => [service, 'pending', name]),
    ...failed.map((name) => [service, 'failed', name]),
    ...unknown.map((name) => [service, 'unknown to this version', name]),
  ]);
  return formatTable(['SERVICE', 'STATE', 'MIGRATION'], rows);
}

async function listMigrations(root: string, name: ServiceName): Promise<string[]> {
  const directory = join(root, 'prisma', name, 'migrations');
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    throw new ExpectedError(`${directory} cannot be read: run this in the root of the project.`, { cause });
  });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function readRecords(target: Target): Promise<{ name: string; isFinished: boolean }[]> {
  return connect(target, async (client) => {
    const { rows: found } = await client.query<{ exists: boolean }>(
      `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`,
    );
    if (found[0]?.exists !== true) return [];
    const { rows } = await client.query<{ name: string; isFinished: boolean }>(
      `SELECT migration_name AS name, finished_at IS NOT NULL AS "isFinished"
         FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
    );
    return rows;
  });
}
