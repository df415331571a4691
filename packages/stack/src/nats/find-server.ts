import { findServerRisk } from '@shop/messaging';
import { type Report, ExpectedError } from '@shop/process';
import { cachedBinary } from './sources/cache.ts';
import { debianPackage } from './sources/debian-package.ts';
import { githubRelease } from './sources/github-release.ts';
import { binaryOnPath, givenBinary } from './sources/installed.ts';
import { formatVersion, type NatsBinary, type NatsSource } from './version.ts';

/** The places to look for nats-server. */
export interface FindNatsOptions {
  /** `NATS_SERVER_BIN`: only this program is used. */
  readonly given?: string | undefined;
  /** The directory of downloads. All checkouts share it. */
  readonly cacheDir: string;
  /** The value of `PATH`. */
  readonly searchPath: string;
  /** Base address of the release downloads. Default: the project's own. */
  readonly releasesUrl?: string | undefined;
}

/** The sources in the order in which they are tried. */
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
 * Finds a nats-server, or downloads one. `report` gets a line for each step and its reason.
 *
 * @throws ExpectedError when no source has one.
 */
export async function findNatsServer(sources: readonly NatsSource[], report: Report): Promise<NatsBinary> {
  for (const source of sources) {
    const binary = await source.find(report);
    if (binary === null) continue;
    const version = formatVersion(binary.version);
    const risk = findServerRisk(version);
    if (risk !== undefined) report(`WARNING: nats-server ${version} (${binary.path}) ${risk}.`);
    return binary;
  }
  throw new ExpectedError(
    'No nats-server was found and none could be downloaded. Install 2.10 or newer and put it on the PATH, ' +
      'set NATS_SERVER_BIN to its path, or set NATS_URL to a running server.',
  );
}
