import { gunzipSync } from 'node:zlib';

const BLOCK = 512;

/**
 * Takes one file out of a `.tar.gz`: the release archive holds the program and two texts, all with short names.
 *
 * @param matches - Decides by the member's name.
 * @throws Error when the archive is damaged or holds no such file.
 */
export function extractFile(archive: Buffer, matches: (name: string) => boolean): Buffer {
  const tar = gunzipSync(archive);
  for (let offset = 0; offset + BLOCK <= tar.length;) {
    const text = (start: number, length: number) =>
      tar.toString('latin1', offset + start, offset + start + length).split('\0')[0] ?? '';
    const size = Number.parseInt(text(124, 12), 8) || 0;
    const isFile = ['0', ''].includes(text(156, 1));
    const content = tar.subarray(offset + BLOCK, offset + BLOCK + size);
    if (isFile && content.length === size && matches(text(0, 100))) return content;
    offset += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new Error('the archive does not hold the program');
}
