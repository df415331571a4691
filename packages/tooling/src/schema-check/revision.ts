import { spawnSync } from 'node:child_process';
import { ExpectedError } from '@shop/process';

const usualBases = ['origin/main', 'main', 'HEAD~1'];

/** There is no revision, or no schema in it, to compare with. */
export class NothingToCompareError extends ExpectedError {
  override name = 'NothingToCompareError';
  /** True when nobody named a revision, so that the comparison may be skipped. */
  readonly isOptional: boolean;

  constructor(message: string, { isOptional = false } = {}) {
    super(message);
    this.isOptional = isOptional;
  }
}

/** A commit whose files can be read. */
export interface Revision {
  /** For people: `main (0123456789)`. */
  readonly label: string;
  /** Text of a file; `undefined` when the commit does not have it. */
  read(file: string): string | undefined;
  /** @throws NothingToCompareError when the commit does not have the file */
  require(file: string): string;
  /** Paths of the files in a folder. */
  list(folder: string): string[];
}

/**
 * Opens the commit to compare with.
 *
 * @param wanted a branch, tag or commit; without one, the first that exists of origin/main, main and the commit before
 * @throws NothingToCompareError
 */
export function openRevision(root: string, wanted?: string): Revision {
  const git = (...args: string[]) => runGit(root, args);
  const isOptional = wanted === undefined;
  if (git('rev-parse', '--git-dir') === undefined)
    throw new NothingToCompareError('This is not a git repository, so there is nothing to compare with.', {
      isOptional,
    });
  const findCommit = (name: string) =>
    git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`)?.trim();
  const name = (isOptional ? usualBases : [wanted]).find((candidate) => findCommit(candidate) !== undefined);
  const commit = name === undefined ? undefined : findCommit(name);
  if (name === undefined || commit === undefined) {
    throw isOptional
      ? new NothingToCompareError('There is no revision to compare with: neither origin/main, main nor HEAD~1.', {
          isOptional,
        })
      : new NothingToCompareError(
          `There is no revision "${wanted}" in this repository. Fetch it, or name another branch, tag or commit.`,
        );
  }
  return {
    label: `${name} (${commit.slice(0, 10)})`,
    read: (file) => git('show', `${commit}:./${file}`),
    require(file) {
      const text = this.read(file);
      if (text === undefined)
        throw new NothingToCompareError(`The revision ${name} has no ${file} to compare with.`, { isOptional });
      return text;
    },
    list: (folder) =>
      git('ls-tree', '--name-only', commit, `./${folder}/`)
        ?.split('\n')
        .filter((line) => line !== '') ?? [],
  };
}

/** The tag of the newest release that this checkout contains, such as `v1.2.3`; `undefined` when there is none. */
export function findNewestRelease(root: string): string | undefined {
  const tags = runGit(root, ['tag', '--list', 'v[0-9]*', '--merged', 'HEAD', '--sort=-version:refname']);
  return tags?.split('\n').find((tag) => tag !== '');
}

/** Output of a git command; `undefined` when it fails. */
function runGit(cwd: string, args: readonly string[]): string | undefined {
  const { status, stdout, error } = spawnSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (error) throw new NothingToCompareError(`git could not be run: ${error.message}`);
  return status === 0 ? stdout : undefined;
}
