import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Runs `work` while no other process sets up the same checkout: two stacks may be started from one at once. */
export async function withSetupLock(root, report, work) {
  const file = path.join(root, '.cache', 'setup.lock');
  await mkdir(path.dirname(file), { recursive: true });
  for (let hasSaid = false; !(await take(file)); hasSaid = true) {
    if (!hasSaid) report('waiting for another set-up of this checkout to end …');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file) {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const pid = Number(await readFile(file, 'utf8').catch(() => ''));
    if (pid > 0 && !isAlive(pid)) await rm(file, { force: true }); // its process was killed
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
