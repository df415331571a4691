import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createRandom, temporaryDirectory, type TemporaryDirectory } from '@shop/testing';
import { cutOff, damageStore, flipBit } from './damage.ts';

let directory: TemporaryDirectory;
let file: string;
const contents = Buffer.from('the messages of a stream');

beforeEach(async () => {
  directory = await temporaryDirectory();
  const messages = path.join(directory.path, 'jetstream', 'msgs');
  file = path.join(messages, '1.blk');
  await mkdir(messages, { recursive: true });
  await writeFile(file, contents);
  await writeFile(path.join(messages, 'empty'), '');
});
afterEach(() => directory.remove());

const countBits = (bytes: Uint8Array): number =>
  bytes.reduce((sum, byte) => sum + byte.toString(2).split('1').length - 1, 0);

test.each([1, 2, 3])('a flipped bit is the only difference (seed %i)', async (seed) => {
  await flipBit(file, createRandom(seed));
  const after = await readFile(file);
  expect(countBits(after.map((byte, index) => byte ^ (contents[index] ?? 0)))).toBe(1);
});

test.each([1, 2, 3])('a file that is cut off keeps its beginning (seed %i)', async (seed) => {
  await cutOff(file, createRandom(seed));
  const after = await readFile(file);
  expect(after.length).toBeLessThan(contents.length);
  expect(after).toEqual(contents.subarray(0, after.length));
});

test('only a file with contents is damaged, and the damage is described', async () => {
  expect(await damageStore(directory.path, 'truncate', createRandom(1))).toMatch(
    /^jetstream\/msgs\/1\.blk: kept \d+ of 24 bytes$/,
  );
});

test('a store without files is an error', async () => {
  await writeFile(file, '');
  await expect(damageStore(directory.path, 'flip', createRandom(1))).rejects.toThrow('There is no such file');
});
