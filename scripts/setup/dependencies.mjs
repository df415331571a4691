import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './run.mjs';

/**
 * Installs the dependencies when they are missing or when the lockfile has changed since.
 *
 * Install scripts stay off: newer versions of npm do not run them, nothing here needs one, and some of them download.
 * Development dependencies are needed to build, also where NODE_ENV is production.
 */
export async function installDependencies({ root, report }) {
  if (await areInstalled(root)) return 'up to date';
  report('dependencies are being installed (npm ci) …');
  const args = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('.js')) await run(process.execPath, [npm, ...args], { root });
  else await run('npm', args, { root, shell: process.platform === 'win32' });
  return 'installed';
}

/** npm keeps what it has installed in a lockfile within node_modules. Only what is optional, for other platforms, may be missing there. */
export async function areInstalled(root) {
  const [wanted, installed] = await Promise.all(
    ['package-lock.json', 'node_modules/.package-lock.json'].map((file) => readPackages(path.join(root, file))),
  );
  if (wanted === null || installed === null) return false;
  const places = Object.keys(wanted).filter((place) => place.includes('node_modules/'));
  const isThere = (place) => {
    const [want, have] = [wanted[place], installed[place]];
    if (have === undefined) return want.optional === true || want.devOptional === true || want.peer === true;
    return want.version === have.version && want.integrity === have.integrity && want.link === have.link;
  };
  return places.every(isThere) && Object.keys(installed).every((place) => place in wanted);
}

async function readPackages(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}
