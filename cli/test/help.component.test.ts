import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../src/command-line/program.ts';

const program = path.resolve('dist/shop.js');
const guard = path.resolve('cli/test/offline-guard.mjs');
/** Node's permission model: the program may neither write files nor start processes. */
const permission = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'shop-help-'));
  mkdirSync(path.join(directory, 'empty'));
  mkdirSync(path.join(directory, 'project'));
  writeFileSync(path.join(directory, 'project', '.env.example'), 'PASSWORD=\n');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the bundle where it can neither write files, start processes nor open connections. */
function runGuarded(
  args: readonly string[],
  { env = {}, folder = 'empty' }: { env?: NodeJS.ProcessEnv; folder?: string } = {},
) {
  return spawnSync(
    process.execPath,
    [permission, '--allow-fs-read=*', '--disable-warning=ExperimentalWarning', '--import', guard, program, ...args],
    {
      cwd: path.join(directory, folder),
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ADMIN_PASSWORD: 'a long password', ...env },
    },
  );
}

function listCommands(command: Command, above: readonly string[] = []): string[][] {
  return command.commands.flatMap((each) => {
    const names = [...above, each.name()];
    return [names, ...listCommands(each, names)];
  });
}

const terminal = { print: () => {}, note: () => {}, progress: () => {}, finish: () => {} };
const { signal } = new AbortController();
const commands = listCommands(createProgram({ terminal, env: {}, signal, root: '.', setExitCode: () => {} }));

test('every command is in the list', () => {
  expect(commands.map((names) => names.join(' '))).toEqual([
    'catalogue',
    'catalogue import',
    'catalogue export',
    'events',
    'events dead-letters',
    'events resend',
    'events republish',
    'reconcile',
    'backup',
    'backup check',
    'backup list',
    'restore',
    'migrate',
    'migrate status',
    'migrate wait',
    'migrate check',
    'migrate new',
    'migrate baseline',
    'studio',
    'keys',
    'keys list',
    'keys rotate',
    'keys replace',
    'secrets',
    'schema',
    'schema check',
    'log-level',
    'deploy',
  ]);
});

test.each([[], ...commands].map((names) => [names.join(' '), names] as const))(
  '"%s --help" shows help, and neither writes nor contacts anything',
  (_name, names) => {
    const { status, stdout, stderr } = runGuarded([...names, '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: npm run shop --( ${names.join(' ')})? `));
    expect(stdout).toContain('Exit codes:');
    const isGroup = stdout.includes('\nCommands:\n');
    if (!isGroup) expect(stdout).toMatch(/\nExamples?:\n {2}npm run /);
    expect(readdirSync(path.join(directory, 'empty'))).toEqual([]);
  },
);

test.each([
  ['a write', ['secrets', '--output', 'out.env'], /out\.env cannot be written \(ERR_ACCESS_DENIED\)/],
  ['a connection', ['catalogue', 'import', 'x.csv', '--admin'], /offline guard: a (connection|name)/],
  ['a database', ['events', 'dead-letters', '--service', 'order'], /offline guard: a (connection|name)/],
])('the guard of this test detects %s', (_what, args, message) => {
  const run = runGuarded(args, {
    env: { ORDER_DATABASE_URL: 'postgres://shop@127.0.0.1:1/shop' },
    folder: 'project',
  });
  expect(run.status).not.toBe(0);
  expect(run.stderr).toMatch(message);
});

test('a failure is one line, and its stack is shown only with --debug or DEBUG', () => {
  const args = ['keys', 'list', '--file', 'missing.json'];
  const plain = runGuarded(args);
  expect(plain.status).toBe(3);
  expect(plain.stderr.trim().split('\n')).toHaveLength(1);
  const debug = runGuarded(['--debug', ...args]);
  expect(debug.stderr).toContain('    at ');
  expect(runGuarded(args, { env: { DEBUG: '1' } }).stderr).toContain('    at ');
});
