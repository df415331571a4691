import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** Installs packages from npm into a folder, unless they are there. Returns the folder of the modules. */
export async function installPackages(folder: string, dependencies: Readonly<Record<string, string>>): Promise<string> {
  const modules = path.join(folder, 'node_modules');
  const done = path.join(folder, `${Object.values(dependencies).join('-')}.installed`);
  if (existsSync(done)) return modules;
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  console.log(`Installing ${Object.keys(dependencies).join(', ')} into ${folder} …`);
  await promisify(execFile)('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    timeout: 600_000,
  });
  await writeFile(done, '');
  return modules;
}
