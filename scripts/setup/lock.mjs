// @ts-check
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Runs `work` while no other process sets up the same checkout, since two stacks may start from one checkout at once.
 *
 * @template Result
 * @param {string} root
 * @param {(line: string) => void} report
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function runExclusively(root, report, work) {
  const file = path.join(root, '.cache', 'setup.lock');
  await mkdir(path.dirname(file), { recursive: true });
  for (let isFirst = true; !(await take(file)); isFirst = false) {
    if (isFirst) report('Waiting for another set-up of this checkout to end …');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** @type {(file: string) => Promise<boolean>} */
async function take(file) {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (readCode(error) !== 'EEXIST') throw error;
    const pid = Number(await readFile(file, 'utf8').catch(() => ''));
    if (pid > 0 && !isAlive(pid)) await rm(file, { force: true }); // its process was killed
    return false;
  }
}

/** @type {(pid: number) => boolean} */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return readCode(error) === 'EPERM';
  }
}

/** @type {(error: unknown) => string | undefined} */
const readCode = (error) => /** @type {NodeJS.ErrnoException} */ (error).code;
