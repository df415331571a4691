import { type Report, ExpectedError } from '@shop/process';
import { cachedBinary } from './sources/cache.ts';
import { debianPackage } from './sources/debian-package.ts';
import { givenBinary } from './sources/given.ts';
import { githubRelease } from './sources/github-release.ts';
import { binaryOnPath } from './sources/on-path.ts';
import type { NatsSource } from './sources/source.ts';
import { canLoseStreams, hasSyncInterval, formatVersion, type NatsBinary } from './version.ts';

/** Where to look for nats-server. */
export interface FindNatsOptions {
  /** `NATS_SERVER_BIN`: this program and no other. */
  readonly given?: string | undefined;
  /** Where downloads are kept, shared by all checkouts. */
  readonly cacheDir: string;
  /** The value of `PATH`. */
  readonly searchPath: string;
  /** Base address of the release downloads. Default: the project's own. */
  readonly releasesUrl?: string | undefined;
}

/** The sources in the order in which they are asked. */
export function natsSources({ given, cacheDir, searchPath, releasesUrl }: FindNatsOptions): NatsSource[] {
  if (given !== undefined) return [givenBinary(given)];
  return [
    cachedBinary(cacheDir),
    binaryOnPath(searchPath, 'suitable'),
    githubRelease(cacheDir, releasesUrl),
    debianPackage(cacheDir),
    binaryOnPath(searchPath, 'any'),
  ];
}

/**
 * Finds a nats-server, downloading one if it must; what it does and why goes to `report`.
 *
 * @throws ExpectedError when no source has one.
 */
export async function findNatsServer(sources: readonly NatsSource[], report: Report): Promise<NatsBinary> {
  for (const source of sources) {
    const binary = await source.find(report);
    if (binary === null) continue;
    const version = formatVersion(binary.version);
    if (!hasSyncInterval(binary.version)) {
      report(
        `WARNING: nats-server ${version} (${binary.path}) flushes every two minutes: a power cut takes more that has to be published again than with 2.10 or newer.`,
      );
    } else if (canLoseStreams(binary.version)) {
      report(
        `WARNING: nats-server ${version} (${binary.path}) can lose a stream when it is killed: use 2.10.23 or newer.`,
      );
    }
    return binary;
  }
  throw new ExpectedError(
    'No nats-server was found and none could be downloaded: install 2.10 or newer and put it on the PATH, ' +
      'name it by NATS_SERVER_BIN, or set NATS_URL to a server of yours.',
  );
}
