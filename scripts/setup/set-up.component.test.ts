import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { areInstalled } from './dependencies.mjs';
import { hashFiles } from './inputs.mjs';
import { runExclusively } from './lock.mjs';
import { showProgress } from './progress.mjs';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'set-up-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('installed dependencies', () => {
  const lockfile = {
    '': {},
    'packages/a': { version: '1' },
    'node_modules/a': { link: true },
    'node_modules/b': { version: '1.0.0', integrity: 'x' },
    'node_modules/c': { version: '1.0.0', optional: true },
  };
  const { '': _root, 'node_modules/c': _optional, ...installed } = lockfile;

  async function write(there: object | null): Promise<void> {
    await writeFile(path.join(root, 'package-lock.json'), JSON.stringify({ packages: lockfile }));
    await mkdir(path.join(root, 'node_modules'), { recursive: true });
    if (there !== null)
      await writeFile(path.join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: there }));
  }

  test.each([
    ['all of them', installed, true],
    ['optional packages, too', { ...installed, 'node_modules/c': { version: '1.0.0', optional: true } }, true],
    ['none', null, false],
    ['another version', { ...installed, 'node_modules/b': { version: '1.0.1', integrity: 'y' } }, false],
    ['one too few', { 'node_modules/a': { link: true } }, false],
    ['one that is no longer wanted', { ...installed, 'node_modules/d': { version: '1.0.0' } }, false],
  ])('%s: %#', async (_name, there, expected) => {
    await write(there);
    expect(await areInstalled(root)).toBe(expected);
  });
});

describe('changed inputs', () => {
  test('contents and names of inputs count, their times do not', async () => {
    const file = path.join(root, 'source', 'a.ts');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, 'one');
    const before = await hashFiles(root, ['source', 'missing']);
    await utimes(file, 1, 1);
    expect(await hashFiles(root, ['source', 'missing'])).toBe(before);
    await writeFile(path.join(root, 'source', 'b.ts'), '');
    const more = await hashFiles(root, ['source', 'missing']);
    expect(more).not.toBe(before);
    await writeFile(file, 'two');
    expect(await hashFiles(root, ['source', 'missing'])).not.toBe(more);
    expect(await hashFiles(root, ['source'], (name: string) => !name.endsWith('b.ts'))).not.toBe(
      await hashFiles(root, ['source']),
    );
  });
});

describe('two set-ups of one checkout', () => {
  test('run one after the other', async () => {
    const order: string[] = [];
    const lines: string[] = [];
    const work = (name: string) =>
      runExclusively(
        root,
        (line: string) => lines.push(line),
        async () => {
          order.push(`${name} begins`);
          await new Promise((resolve) => setTimeout(resolve, 50));
          order.push(`${name} ends`);
        },
      );
    await Promise.all([work('one'), work('two')]);
    expect(order.map((line) => line.split(' ')[1])).toEqual(['begins', 'ends', 'begins', 'ends']);
    expect(lines).toEqual(['Waiting for another set-up of this checkout to end …']);
  });

  test('do not wait for a process that was killed', async () => {
    await mkdir(path.join(root, '.cache'));
    await writeFile(path.join(root, '.cache/setup.lock'), '999999999');
    expect(
      await runExclusively(
        root,
        () => {},
        async () => 'done',
      ),
    ).toBe('done');
  });
});

describe('work of minutes', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  async function show(isTTY: boolean, seconds: number) {
    const [lines, drawn]: [string[], string[]] = [[], []];
    const terminal = { isTTY, write: (text: string) => drawn.push(text) };
    const work = () => new Promise<string>((resolve) => setTimeout(resolve, seconds * 1_000, 'done'));
    const shown = showProgress('Installing', { report: (line: string) => lines.push(line), terminal }, work);
    await jest.advanceTimersByTimeAsync(seconds * 1_000);
    expect(await shown).toBe('done');
    expect(jest.getTimerCount()).toBe(0);
    return { lines, drawn };
  }

  test('reports a line every 15 s without a terminal', async () => {
    expect(await show(false, 40.5)).toEqual({
      lines: ['Installing …', 'Installing … 15 s', 'Installing … 30 s'],
      drawn: [],
    });
  });

  test('counts the seconds on one line of a terminal, and removes it', async () => {
    const { lines, drawn } = await show(true, 2.05);
    expect(lines).toEqual([]);
    expect(drawn.at(-2)).toMatch(/^\r. Installing … 2 s$/u);
    expect(drawn.at(-1)).toBe('\r\u001b[K');
  });

  test('stops when the work fails', async () => {
    const work = () => Promise.reject(new Error('no network'));
    await expect(showProgress('Installing', { report: () => {} }, work)).rejects.toThrow('no network');
    expect(jest.getTimerCount()).toBe(0);
  });
});
