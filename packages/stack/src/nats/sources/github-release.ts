import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { basename, join } from 'node:path';
import { addToCache } from './cache.ts';
import { download } from './download.ts';
import type { NatsSource } from './source.ts';
import { extractFile } from './tar.ts';

/** The release that is downloaded. A newer one is taken by changing this line, and the image in docker-compose.yml with it. */
export const PINNED_VERSION = '2.12.12';

/** Where the project publishes its releases. */
export const RELEASES_URL = 'https://github.com/nats-io/nats-server/releases/download';

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm7',
  ia32: '386',
  s390x: 's390x',
  ppc64: 'ppc64le',
};

/**
 * The official release for this platform, checked against the SHA256SUMS that is published next to it.
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
  // The small file first: where there is no internet, the answer is known after seconds.
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
    throw new Error(`${name} does not have the SHA-256 that SHA256SUMS gives: it is not used`);
  }
  return archive;
}
