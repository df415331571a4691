import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram } from '../gateway/test/programs.ts';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(file))
  .filter(
    (file) =>
      file.endsWith('.sh') ||
      (!path.extname(file) && /^#!.*\b(ba|da)?sh\b/.test(readFileSync(file, 'utf8').slice(0, 40))),
  );

const shellcheck = findProgram('shellcheck');
const withShellcheck = shellcheck === undefined ? test.skip : test;
const note = shellcheck === undefined ? ' (skipped: shellcheck was not found)' : '';

withShellcheck(`ShellCheck accepts every shell script${note}`, () => {
  expect(files.length).toBeGreaterThanOrEqual(5);
  const { status, stdout } = spawnSync(String(shellcheck), files, { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});

withShellcheck(`ShellCheck refuses a script that is wrong${note}`, () => {
  const { status, stdout } = spawnSync(String(shellcheck), ['-'], {
    input: '#!/bin/bash\nrm -rf $1/*\n',
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stdout).toContain('SC2086');
});

describe('scripts/setup.sh', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'setup-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  /** Runs it where these programs are all that there is besides those of the system. */
  const run = (programs: Readonly<Record<string, string>>) => {
    for (const name of ['node', 'npm']) rmSync(path.join(folder, name), { force: true });
    for (const [name, script] of Object.entries(programs)) {
      writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`);
      chmodSync(path.join(folder, name), 0o755);
    }
    for (const name of ['dirname', 'cat']) {
      writeFileSync(path.join(folder, name), `#!/bin/sh\nexec ${String(findProgram(name))} "$@"\n`);
      chmodSync(path.join(folder, name), 0o755);
    }
    return spawnSync(String(findProgram('bash')), ['scripts/setup.sh'], { encoding: 'utf8', env: { PATH: folder } });
  };

  test('tells how to get Node when there is none, or an old one', () => {
    expect(run({})).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^Node\.js was not found\.\nInstall Node\.js 24/) as unknown,
    });
    const old = 'case "$1" in -e) exit 1;; --version) echo v18.20.0;; esac';
    expect(run({ node: old })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^Node\.js v18\.20\.0 is too old: 20\.19 or newer/) as unknown,
    });
    expect(run({ node: 'exit 0' })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^npm was not found/) as unknown,
    });
  });

  test('recognises versions of Node as the project does', () => {
    const [, test = ''] = /node -e '([^']*)'; then/.exec(readFileSync('scripts/setup.sh', 'utf8')) ?? [];
    const check = (version: string) =>
      spawnSync(process.execPath, ['-e', test.replace('process.versions.node', JSON.stringify(version))]).status;
    expect(['20.18.3', '20.19.0', '22.0.0', '18.20.0', '24.1.0'].map(check)).toEqual([1, 0, 0, 1, 0]);
  });

  test('sets the checkout up with the programs that it found', () => {
    const { status, stdout } = run({ node: 'echo "node $*"', npm: 'exit 0' });
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/node scripts\/setup\.mjs\nReady\. Start the system with: npm start\n$/) as unknown,
    });
  });
});
