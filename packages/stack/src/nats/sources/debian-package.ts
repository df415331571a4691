import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../process/run.ts';
import type { NatsSource } from '../version.ts';
import { addToCache } from './cache.ts';

/** Suites whose nats-server is 2.10 or newer, the stable one first. */
const SUITES = ['trixie', 'sid'];

const KEYRINGS = ['/usr/share/keyrings/debian-archive-keyring.gpg', '/usr/share/keyrings/debian-archive-keyring.pgp'];

/**
 * The package of a newer Debian suite, from the mirror that this machine's apt uses. apt checks it with Debian's keys. It is unpacked
 * and not installed, so that this needs no root and changes nothing in the system. It helps machines that reach a package mirror
 * but not the internet.
 */
export function debianPackage(cacheDir: string): NatsSource {
  return {
    name: "a newer Debian suite's package",
    async find(report) {
      const keyring = await firstReadable(KEYRINGS);
      const mirror = keyring === null ? null : await debianMirror();
      if (keyring === null || mirror === null) return null;
      for (const suite of SUITES) {
        try {
          report(`fetching Debian ${suite}'s nats-server package from this machine's mirror`);
          const binary = await addToCache(cacheDir, (scratch) => fetchPackage(scratch, { suite, keyring, mirror }));
          if (binary !== null) return binary;
          report(`the nats-server of Debian ${suite} does not run on this machine`);
        } catch (error) {
          report(`no package of Debian ${suite}: ${(error as Error).message}`);
        }
      }
      return null;
    },
  };
}

async function fetchPackage(
  scratch: string,
  from: { suite: string; keyring: string; mirror: string },
): Promise<string> {
  const directories = {
    lists: join(scratch, 'lists'),
    cache: join(scratch, 'cache'),
    archive: join(scratch, 'archive'),
    root: join(scratch, 'root'),
  };
  await Promise.all(
    [
      join(directories.lists, 'partial'),
      join(directories.cache, 'archives', 'partial'),
      directories.archive,
      directories.root,
    ].map((path) => mkdir(path, { recursive: true })),
  );
  const list = join(scratch, 'sources.list');
  await writeFile(list, `deb [signed-by=${from.keyring}] ${from.mirror} ${from.suite} main\n`);
  const options = [
    `Dir::Etc::sourcelist=${list}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::Lists=${directories.lists}`,
    `Dir::Cache=${directories.cache}`,
    'Debug::NoLocking=1',
    'APT::Sandbox::User=root',
    'Acquire::Languages=none',
    'Acquire::Retries=1',
    'Acquire::http::Timeout=10',
  ].flatMap((option) => ['-o', option]);
  await mustRun('apt-get', [...options, 'update', '--error-on=any'], directories.archive);
  await mustRun('apt-get', [...options, 'download', `nats-server/${from.suite}`], directories.archive);
  const [archive] = (await readdir(directories.archive)).filter((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('apt-get left no package');
  await mustRun('dpkg', ['-x', join(directories.archive, archive), directories.root], scratch);
  const program = await firstReadable(
    ['usr/sbin/nats-server', 'usr/bin/nats-server'].map((path) => join(directories.root, path)),
  );
  if (program === null) throw new Error('the package contains no nats-server');
  return program;
}

async function mustRun(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, stderr } = await run(command, args, { cwd });
  const complaint = stderr.split('\n').find((line) => line.startsWith('E:')) ?? stderr.trim().split('\n')[0];
  if (code !== 0)
    throw new Error(
      complaint === undefined || complaint === '' ? `${command} failed` : complaint.replace(/^E:\s*/, ''),
    );
}

/** The mirror in this machine's apt sources; `null` if that is not Debian's archive. */
async function debianMirror(): Promise<string | null> {
  const format = '$(CREATED_BY)|$(ORIGIN)|$(COMPONENT)|$(CODENAME)|$(REPO_URI)';
  const { code, stdout } = await run('apt-get', ['indextargets', '--format', format]);
  if (code !== 0) return null;
  const targets = stdout.split('\n').map((line) => line.split('|'));
  const main = targets.find(
    ([by, origin, component, codename]) =>
      by === 'Packages' && origin === 'Debian' && component === 'main' && !codename?.includes('-'),
  );
  return main?.[4] ?? null;
}

async function firstReadable(paths: readonly string[]): Promise<string | null> {
  const readable = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.find((_, index) => readable[index]) ?? null;
}
