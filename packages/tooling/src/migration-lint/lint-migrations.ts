import { ExpectedError } from '@shop/process';
import { listDatabases } from '../generators/databases.ts';
import { openProject } from '../project.ts';
import { findNewestRelease, NothingToCompareError, openRevision, type Revision } from '../schema-check/revision.ts';
import { readFormerSchema } from './former-schema.ts';
import { lintMigration } from './lint-migration.ts';

/** The result of a check of the new migrations. */
export interface MigrationLint {
  /** The revision that lacks the migrations that were checked, for people. Undefined when there is none. */
  readonly base: string | undefined;
  /** The migrations that were checked, by their folders. */
  readonly checked: readonly string[];
  /** One line for each refused statement. */
  readonly refused: readonly string[];
}

/**
 * Checks the migrations that a revision does not have: while they are applied, the version of that revision runs. A database that the
 * revision does not have is left out, since nothing uses it.
 *
 * @param options.base a branch, tag or commit. Default: the newest release (tag `v…`), or the usual base of the schema check
 * @throws NothingToCompareError when the named revision does not exist
 * @throws ExpectedError when a migration cannot be parsed
 */
export async function lintMigrations(options: {
  readonly root: string;
  readonly base?: string;
}): Promise<MigrationLint> {
  const { root, base } = options;
  try {
    return await lintAgainst(openRevision(root, base ?? findNewestRelease(root)), root);
  } catch (error) {
    if (!(error instanceof NothingToCompareError) || !error.isOptional) throw error;
    return { base: undefined, checked: [], refused: [] };
  }
}

async function lintAgainst(revision: Revision, root: string): Promise<MigrationLint> {
  const project = openProject(root);
  const checked: string[] = [];
  const refused: string[] = [];
  for (const { folder } of listDatabases(project)) {
    const schemas = revision.list(folder).filter((file) => file.endsWith('.prisma'));
    if (schemas.length === 0) continue;
    const former = readFormerSchema(schemas.map((file) => revision.require(file)));
    const known = new Set(revision.list(`${folder}/migrations`));
    for (const migration of project.list(`${folder}/migrations`).filter((path) => !known.has(path))) {
      const file = `${migration}/migration.sql`;
      const sql = project.read(file);
      if (sql === undefined) continue;
      checked.push(migration);
      const findings = await lintMigration(sql, former).catch((error: Error) => {
        throw new ExpectedError(`${file}: ${error.message}`);
      });
      refused.push(...findings.map(({ line, rule, message }) => `${file}:${line} (${rule}) ${message}`));
    }
  }
  return { base: revision.label, checked, refused };
}
