import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { NatsSource } from '../version.ts';
import { addToCache } from './cache.ts';
import { download } from './download.ts';

/** The release that is downloaded. To use a newer one, change this line and the image in docker-compose.yml. */
export const PINNED_VERSION = '2.12.12';

/** The page on which the NATS project publishes its releases. */
export const RELEASES_URL = 'https://github.com/nats-io/nats-server/releases/download';

/** Size of a block in a tar archive, in bytes. */
const BLOCK = 512;

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm7',
  ia32: '386',
  s390x: 's390x',
  ppc64: 'ppc64le',
};

/**
 * The official release for this platform. Its checksum is compared with the published SHA256SUMS.
 *
 * @param releasesUrl - `RELEASES_URL`, or a mirror with the same layout.
 */
export function githubRelease(cacheDir: string, releasesUrl: string = RELEASES_URL): NatsSource {
  return {
    name: `the official release ${PINNED_VERSION}`,
    async find(report) {
      const architecture = ARCHITECTURES[arch()];
      if (architecture === undefined) return null;
      const name = `nats-server-v${PINNED_VERSION}-${platform()}-${architecture}.tar.gz`;
      const folder = `${releasesUrl}/v${PINNED_VERSION}`;
      try {
        report(`downloading ${folder}/${name}`);
        const binary = await addToCache(cacheDir, async (scratch) => {
          const program = extractFile(
            await downloadVerified(folder, name),
            (member) => basename(member) === 'nats-server',
          );
          await writeFile(join(scratch, 'nats-server'), program);
          return join(scratch, 'nats-server');
        });
        if (binary === null) report('the downloaded nats-server does not run on this machine');
        return binary;
      } catch (error) {
        report(`no official release: ${(error as Error).message}`);
        return null;
      }
    },
  };
}

async function downloadVerified(folder: string, name: string): Promise<Buffer> {
  // The small file first: a machine without internet fails here after seconds.
  const sums = await download(`${folder}/SHA256SUMS`, {
    connectTimeoutMs: 5_000,
    stallTimeoutMs: 5_000,
    maxBytes: 1_000_000,
  });
  const expected = sums
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+\*?/))
    .find(([, file]) => file === name)?.[0];
  if (expected === undefined) throw new Error(`SHA256SUMS does not list ${name}`);
  const archive = await download(`${folder}/${name}`, {
    connectTimeoutMs: 10_000,
    stallTimeoutMs: 15_000,
    maxBytes: 100_000_000,
  });
  if (createHash('sha256').update(archive).digest('hex') !== expected.toLowerCase()) {
    throw new Error(`${name} does not have the SHA-256 of SHA256SUMS, so it is not used`);
  }
  return archive;
}

/**
 * Extracts one file from a `.tar.gz`. The release archive has the program and two texts, all with short names.
 *
 * @throws Error when the archive is damaged or has no such file.
 */
function extractFile(archive: Buffer, matches: (name: string) => boolean): Buffer {
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
  throw new Error('the archive does not contain the program');
}
