import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '../src/run-tests/run-program.ts';
import { createJestWatch, type WatchLimits } from '../src/run-tests/watch-jest.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../src/temporary-directory.ts';

let directory: TemporaryDirectory;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory.remove());

const passes = `test('passes', () => {});`;
const leavesAServer = `test('leaves a server', async () => {
  const server = require('node:http').createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
});`;

/** Runs Jest over test files, as `npm test` does, and returns what the watch printed. */
async function runJest(files: Readonly<Record<string, string>>, limits: WatchLimits, ...args: string[]) {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(directory.path, name), text);
  // Without Jest's own reporter: its summaries would stand among those of the run that this test is part of.
  const reporters = [path.resolve('packages/testing/jest/progress-reporter.mjs')];
  const config = { testEnvironment: 'node', transform: {}, testMatch: ['**/*.test.js'], reporters };
  await writeFile(path.join(directory.path, 'jest.config.json'), JSON.stringify(config));
  const lines: string[] = [];
  const watch = createJestWatch((line) => lines.push(line), limits);
  const jest = [path.resolve('node_modules/jest/bin/jest.js'), '--rootDir', directory.path, '--silent', ...args];
  const code = await runProgram([...watch.nodeArgs, ...jest], directory.path, { watch: watch.watch });
  watch.stop();
  return { code, text: lines.join('\n'), isHung: watch.hasEndedJest() };
}

test('a run that ends is left alone', async () => {
  const limits = { exitMs: 30_000, silentMs: 60_000 };
  expect(await runJest({ 'a.test.js': passes }, limits)).toEqual({ code: 0, text: '', isHung: false });
});

test('a run that does not exit after its summary fails, and names its last file and what is open', async () => {
  const { code, text, isHung } = await runJest({ 'a.test.js': leavesAServer }, { exitMs: 500 }, '--runInBand');
  expect({ code, isHung }).toEqual({ code: 1, isHung: true });
  expect(text).toMatch(
    /^\nJest printed its summary 0\.5 s ago and has not exited\. The last test file is .*a\.test\.js\.$/m,
  );
  expect(text).toMatch(/^Process \d+ has open:\n(  .*\n)*  tcp: 127\.0\.0\.1:\d+/m);
});

test('a run that never comes to a test file fails', async () => {
  const never = path.join(directory.path, 'never.js');
  await writeFile(never, 'module.exports = () => new Promise((resolve) => setTimeout(resolve, 600_000));');
  const { code, text } = await runJest({ 'a.test.js': passes }, { idleMs: 3_000 }, '--globalSetup', never);
  expect(code).toBe(1);
  expect(text).toMatch(/^\nNo test file has run for 3 s\. The last one is none\.$/m);
});

const waits = `test('waits', () => new Promise(() => {}), 600_000);`;
/** As an endless loop does, but without using the processor that other test files need. */
const blocks = `test('blocks', () => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); });`;

test.each([
  [
    'waits in a worker',
    waits,
    '--maxWorkers=2',
    /^Process \d+ has open:\n( {2}.*\n)*Process \d+ has open:\n( {2}.*\n)* {2}timer/m,
  ],
  ['blocks a worker', blocks, '--maxWorkers=2', /^No report from \d+: other programs, or code that blocks/m],
  ['blocks Jest itself', blocks, '--runInBand', /^Jest writes no report: code blocks its event loop\.$/m],
])('a test file that %s fails the run, and is named', async (_what, text, mode, expected) => {
  const run = await runJest({ 'a.test.js': text, 'b.test.js': passes }, { silentMs: 3_000 }, mode);
  expect(run.code).toBe(1);
  expect(run.text).toMatch(/^\nNo result for 3 s from .*a\.test\.js/m);
  expect(run.text).toMatch(expected);
});
