// @ts-check
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { showProgress } from './progress.mjs';
import { run } from './run.mjs';

/**
 * Installs the dependencies when they are missing, or when the lockfile has changed since the last installation.
 *
 * Install scripts stay off: newer versions of npm do not run them, no dependency here needs one, and some of them
 * download.
 * The build needs development dependencies, also when NODE_ENV is production.
 *
 * @param {import('./set-up.mjs').StepContext} context
 */
export async function installDependencies({ root, report }) {
  if (await areInstalled(root)) return 'up to date';
  const args = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const npm = process.env['npm_execpath'];
  await showProgress('Installing dependencies (npm ci)', { report }, () =>
    npm?.endsWith('.js')
      ? run(process.execPath, [npm, ...args], { root })
      : run('npm', args, { root, shell: process.platform === 'win32' }),
  );
  return 'installed';
}

/**
 * Compares the lockfile with the one that npm keeps in node_modules. Only optional packages, for other platforms, may be missing.
 *
 * @param {string} root
 */
export async function areInstalled(root) {
  const [wanted, installed] = await Promise.all([
    readPackages(path.join(root, 'package-lock.json')),
    readPackages(path.join(root, 'node_modules/.package-lock.json')),
  ]);
  if (wanted === null || installed === null) return false;
  const isInstalled = Object.entries(wanted)
    .filter(([place]) => place.includes('node_modules/'))
    .every(([place, want]) => {
      const have = installed[place];
      if (have === undefined) return want.optional === true || want.devOptional === true || want.peer === true;
      return want.version === have.version && want.integrity === have.integrity && want.link === have.link;
    });
  return isInstalled && Object.keys(installed).every((place) => place in wanted);
}

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [link]
 * @property {boolean} [optional]
 * @property {boolean} [devOptional]
 * @property {boolean} [peer]
 */

/** @type {(file: string) => Promise<Record<string, LockedPackage> | null>} */
async function readPackages(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}
