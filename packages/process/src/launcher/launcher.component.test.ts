import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryDirectory } from '@shop/testing';
import { build } from 'esbuild';
import { createLauncherBuildOptions, createScriptBuildOptions } from '../../../../scripts/setup/bundles.mjs';
import { readCodeCache, writeCodeCache } from './code-cache.ts';
import { compile } from './launch.ts';

const PROGRAM = `
const greeting: string = 'good morning';

function fail(): never {
  throw new Error('no name given');
}

setImmediate(() => {
  if (process.argv[2] === undefined) console.log(greeting);
  else fail();
});
`;

/** All objects of its function survive, from which V8 concludes that all later ones will. */
const KEEPING = `
const kept = [];
function make(index) {
  return { index, items: [index, [index], { index }] };
}
for (let index = 0; index < 200000; index += 1) kept.push(make(index));
`;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
const fileOf = (name: string) => path.join(directory.path, name);
const run = (...args: string[]) => spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });

beforeAll(async () => {
  directory = await temporaryDirectory();
  writeFileSync(fileOf('source.ts'), PROGRAM);
  const root = process.cwd();
  const outdir = directory.path;
  await build({ ...createLauncherBuildOptions(root, ['program']), outdir });
  await build({ ...createScriptBuildOptions(root, { program: fileOf('source.ts') }), outdir });
});
afterAll(() => directory.remove());

test('only the code is written when it is asked for, and the program does not go on', () => {
  expect(existsSync(fileOf('program.cjs.cache'))).toBe(false);
  const { status, stdout, stderr } = run(fileOf('program.js'), '--write-code-cache');
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(existsSync(fileOf('program.cjs.cache'))).toBe(true);
  expect(run(fileOf('program.js')).stdout).toBe('good morning\n');
});

test('V8 lets no place of the code make old objects, whatever has become of the first ones', () => {
  writeFileSync(fileOf('keeping.cjs'), KEEPING);
  writeFileSync(fileOf('keeping.js'), readFileSync(fileOf('program.js')));
  const countDecisions = (program: string) => {
    const { status, stdout } = run('--trace-pretenuring-statistics', fileOf(program));
    expect(status).toBe(0);
    return stdout.split('=> tenure').length - 1;
  };
  expect({ alone: countDecisions('keeping.cjs') > 0, launched: countDecisions('keeping.js') }).toEqual({
    alone: true,
    launched: 0,
  });
});

test('V8 accepts the code of the same bundle', () => {
  const bundle = fileOf('accepted.cjs');
  writeFileSync(bundle, readFileSync(fileOf('program.cjs')));
  const source = readFileSync(bundle);
  writeCodeCache(bundle, source, compile(bundle, source, undefined).createCachedData());
  const code = readCodeCache(bundle, source);
  expect(code).toBeDefined();
  expect(compile(bundle, source, code).cachedDataRejected).toBe(false);
});

test('a changed bundle runs as it is, also when its length is the same', () => {
  run(fileOf('program.js'), '--write-code-cache');
  const bundle = readFileSync(fileOf('program.cjs'), 'utf8');
  writeFileSync(fileOf('program.cjs'), bundle.replace('good morning', 'good evening'));
  try {
    expect(run(fileOf('program.js')).stdout).toBe('good evening\n');
  } finally {
    writeFileSync(fileOf('program.cjs'), bundle);
  }
});

describe('a cache that does not belong to the bundle is not used', () => {
  const source = Buffer.from('source');
  const write = () => writeCodeCache(fileOf('b.cjs'), source, Buffer.from('compiled'));

  test('it is the one of this bundle', () => {
    write();
    expect(readCodeCache(fileOf('b.cjs'), source)?.toString()).toBe('compiled');
    expect(readCodeCache(fileOf('b.cjs'), Buffer.from('sourcf'))).toBeUndefined();
  });

  test('a missing, cut or changed one', () => {
    expect(readCodeCache(fileOf('none.cjs'), source)).toBeUndefined();
    write();
    const bytes = readFileSync(fileOf('b.cjs.cache'));
    for (const end of [0, 10, 32, bytes.length - 1]) {
      writeFileSync(fileOf('b.cjs.cache'), bytes.subarray(0, end));
      expect(readCodeCache(fileOf('b.cjs'), source)).toBeUndefined();
    }
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(fileOf('b.cjs.cache'), bytes);
    expect(readCodeCache(fileOf('b.cjs'), source)).toBeUndefined();
  });
});

describe('a stack trace', () => {
  const traceOf = (...args: string[]) => run(...args, fileOf('program.js'), 'fail').stderr;

  test('names the source and its line when source maps are on', () => {
    const source = fileOf('source.ts').replaceAll('.', '\\.');
    expect(traceOf('--enable-source-maps')).toMatch(
      new RegExp(`Error: no name given\\n    at fail \\(${source}:5:\\d+\\)\\n    at .*${source}:10:\\d+\\)?`),
    );
  });

  test('names the bundle where the map has no source', () => {
    const map = readFileSync(fileOf('program.cjs.map'));
    // One segment a line, of one number each: a place without a source.
    const lines = readFileSync(fileOf('program.cjs'), 'utf8')
      .split('\n')
      .map(() => 'A');
    const empty = { ...(JSON.parse(map.toString()) as object), mappings: lines.join(';') };
    writeFileSync(fileOf('program.cjs.map'), JSON.stringify(empty));
    try {
      expect(traceOf('--enable-source-maps')).toMatch(/Error: no name given\n {4}at fail \(.*program\.cjs:\d+:\d+\)/);
    } finally {
      writeFileSync(fileOf('program.cjs.map'), map);
    }
  });

  test('names the bundle when they are off, or when there is no map', () => {
    expect(traceOf()).toMatch(/Error: no name given\n {4}at fail \(.*program\.cjs:\d+:\d+\)/);
    const map = readFileSync(fileOf('program.cjs.map'));
    writeFileSync(fileOf('program.cjs.map'), '{');
    try {
      expect(traceOf('--enable-source-maps')).toMatch(/Error: no name given\n {4}at fail \(.*program\.cjs:\d+:\d+\)/);
    } finally {
      writeFileSync(fileOf('program.cjs.map'), map);
    }
  });
});
