import { spawnSync } from 'node:child_process';
import { NothingToCompare } from './failure.mjs';

const usual = ['origin/main', 'main', 'HEAD~1'];

function git(args) {
  const { status, stdout, stderr, error } = spawnSync('git', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (error) throw new NothingToCompare(`git could not be run: ${error.message}`);
  return { isOk: status === 0, stdout, stderr };
}

/**
 * The commit that is compared with, and how its files are read.
 *
 * @param wanted a branch, tag or commit; without one, the first that there is of origin/main, main and the commit before
 * @throws NothingToCompare
 */
export function openRevision(wanted) {
  if (!git(['rev-parse', '--git-dir']).isOk)
    throw new NothingToCompare('This is no git repository: there is nothing to compare with.', {
      isOptional: wanted === undefined,
    });
  const commitOf = (name) => git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
  const name = (wanted === undefined ? usual : [wanted]).find((candidate) => commitOf(candidate).isOk);
  if (name === undefined) {
    throw wanted === undefined
      ? new NothingToCompare(
          `There is no revision to compare with: neither ${usual.slice(0, -1).join(', ')} nor ${usual.at(-1)}.`,
          { isOptional: true },
        )
      : new NothingToCompare(
          `There is no revision "${wanted}" in this repository. Fetch it, or name another branch, tag or commit.`,
        );
  }
  const commit = commitOf(name).stdout.trim();
  return {
    label: `${name} (${commit.slice(0, 10)})`,
    read(file) {
      const { isOk, stdout } = git(['show', `${commit}:./${file}`]);
      return isOk ? stdout : undefined;
    },
    require(file) {
      const text = this.read(file);
      if (text === undefined)
        throw new NothingToCompare(`The revision ${name} has no ${file} to compare with.`, {
          isOptional: wanted === undefined,
        });
      return text;
    },
    /** Paths of the files in a folder. */
    list(folder) {
      const { isOk, stdout } = git(['ls-tree', '--name-only', commit, `./${folder}/`]);
      return isOk ? stdout.split('\n').filter(Boolean) : [];
    },
  };
}
