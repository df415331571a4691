import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { run } from '../src/process/run.ts';
import { findNatsServer, natsSources } from '../src/nats/find-server.ts';
import { debianPackage } from '../src/nats/sources/debian-package.ts';
import { githubRelease, PINNED_VERSION } from '../src/nats/sources/github-release.ts';
import { temporaryDirectory } from './project.ts';

const architecture = { x64: 'amd64', arm64: 'arm64' }[arch() as string] ?? arch();
const archiveName = `nats-server-v${PINNED_VERSION}-${platform()}-${architecture}.tar.gz`;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let cacheDir: string;
let lines: string[];
let page: Server | undefined;
const report = (line: string): void => void lines.push(line);

beforeEach(async () => {
  directory = await temporaryDirectory();
  cacheDir = join(directory.path, 'cache');
  lines = [];
});
afterEach(async () => {
  page?.closeAllConnections();
  await new Promise<void>((resolve) => (page === undefined ? resolve() : void page.close(() => resolve())));
  page = undefined;
  await directory.remove();
});

/** A program in its own directory that answers `-v` like nats-server. */
async function makeServer(place: string, version: string): Promise<string> {
  const folder = join(directory.path, place);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'nats-server'), `#!/bin/sh\necho "nats-server: v${version}"\n`);
  await chmod(join(folder, 'nats-server'), 0o755);
  return folder;
}

async function makeArchive(version = PINNED_VERSION): Promise<Buffer> {
  const folder = await makeServer('release', version);
  await writeFile(join(folder, 'README.md'), 'read me');
  await run('tar', ['-czf', join(directory.path, 'release.tar.gz'), '-C', directory.path, 'release']);
  return readFile(join(directory.path, 'release.tar.gz'));
}

/** Serves releases like the official page; returns its address. */
async function playReleasePage(answer: RequestListener): Promise<string> {
  page = createServer(answer);
  await new Promise<void>((resolve) => void page?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(page.address() as { port: number }).port}`;
}

const sumsOf = (archive: Buffer) =>
  `${'0'.repeat(64)}  other.zip\n${createHash('sha256').update(archive).digest('hex')}  ${archiveName}\n`;

function serve(archive: Buffer, sums = sumsOf(archive)): RequestListener {
  return (request, response) => {
    if (request.url === `/v${PINNED_VERSION}/SHA256SUMS`) response.end(sums);
    else if (request.url === `/v${PINNED_VERSION}/${archiveName}`) response.end(archive);
    else response.writeHead(404).end();
  };
}

const inCache = async () => readdir(cacheDir).catch(() => []);
const find = async (url: string) => githubRelease(cacheDir, url).find(report);

describe('the source of official releases', () => {
  test('downloads a release, checks it and keeps it for the next start without a network', async () => {
    const url = await playReleasePage(serve(await makeArchive()));
    const binary = await find(url);
    expect(binary?.version.join('.')).toBe(PINNED_VERSION);
    expect(await inCache()).toEqual([`${PINNED_VERSION}-${platform()}-${arch()}`]);

    const again = await findNatsServer(
      natsSources({ cacheDir, searchPath: '', releasesUrl: 'http://127.0.0.1:1' }),
      report,
    );
    expect(again).toEqual(binary);
    expect(lines).toEqual([expect.stringContaining(`downloading ${url}`)]);
  });

  test('rejects a release with another checksum', async () => {
    const archive = await makeArchive();
    const sums = sumsOf(archive);
    archive[archive.length - 1] = (archive.at(-1) ?? 0) ^ 1;
    expect(await find(await playReleasePage(serve(archive, sums)))).toBeNull();
    expect(lines.at(-1)).toMatch(/does not have the SHA-256 of SHA256SUMS, so it is not used/);
    expect(await inCache()).toEqual([]);
  });

  test('rejects a download that was cut off', async () => {
    const archive = await makeArchive();
    const whole = serve(archive);
    const url = await playReleasePage((request, response) => {
      if (request.url?.endsWith('.tar.gz') !== true) return whole(request, response);
      response.writeHead(200, { 'content-length': archive.length });
      response.write(archive.subarray(0, 100), () => response.destroy());
    });
    expect(await find(url)).toBeNull();
    expect(lines.at(-1)).toMatch(/no official release: the connection was cut off/);
    expect(await inCache()).toEqual([]);
  });

  test('continues when the release does not exist', async () => {
    expect(await find(await playReleasePage((_request, response) => void response.writeHead(404).end()))).toBeNull();
    expect(lines.at(-1)).toBe('no official release: HTTP status 404');
  });

  test('continues when the platform is not listed', async () => {
    const archive = await makeArchive();
    expect(
      await find(await playReleasePage(serve(archive, sumsOf(archive).replace(archiveName, 'another.tar.gz')))),
    ).toBeNull();
    expect(lines.at(-1)).toBe(`no official release: SHA256SUMS does not list ${archiveName}`);
  });

  test('continues when no server answers', async () => {
    expect(await find('http://127.0.0.1:1')).toBeNull();
    expect(lines.at(-1)).toMatch(/no official release: .*(ECONNREFUSED|bad port)/);
  });

  test('rejects a program that does not run on this machine', async () => {
    const url = await playReleasePage(serve(await makeArchive('not a version')));
    expect(await find(url)).toBeNull();
    expect(lines.at(-1)).toBe('the downloaded nats-server does not run on this machine');
    expect(await inCache()).toEqual([]);
  });

  test('rejects a version that can lose events', async () => {
    expect(await find(await playReleasePage(serve(await makeArchive('2.9.0'))))).toBeNull();
    expect(await inCache()).toEqual([]);
  });

  test('two downloads at the same time leave one program', async () => {
    const url = await playReleasePage(serve(await makeArchive()));
    const [first, second] = await Promise.all([find(url), find(url)]);
    expect(first).not.toBeNull();
    expect(second).toEqual(first);
    expect(await inCache()).toEqual([`${PINNED_VERSION}-${platform()}-${arch()}`]);
  });
});

describe('the order of the sources', () => {
  const search = async (searchPath: string, given?: string) =>
    findNatsServer(
      natsSources({ cacheDir, searchPath, releasesUrl: 'http://127.0.0.1:1', given }).filter(
        ({ name }) => !name.includes('Debian'),
      ),
      report,
    );

  test('NATS_SERVER_BIN comes first, and an unusable one is an error', async () => {
    const given = join(await makeServer('given', '2.9.0'), 'nats-server');
    expect((await search(await makeServer('path', '2.11.0'), given)).path).toBe(given);
    expect(lines).toEqual([
      expect.stringMatching(/^WARNING: nats-server 2.9.0 .* flushes its streams every two minutes/),
    ]);
    await expect(search('', '/bin/true')).rejects.toThrow(
      'NATS_SERVER_BIN is /bin/true, which is no nats-server that runs on this machine',
    );
  });

  test('a suitable version on the PATH needs no download', async () => {
    const [old, current] = [await makeServer('old', '2.9.10'), await makeServer('current', '2.10.27')];
    expect((await search(`${old}:${current}`)).path).toBe(join(current, 'nats-server'));
    expect(lines).toEqual([]);
  });

  test.each(['2.10.20', '2.10.22'])('%s, which can lose a stream, is the last choice', async (version) => {
    const risky = await makeServer('risky', version);
    expect((await search(risky)).path).toBe(join(risky, 'nats-server'));
    expect(lines).toEqual([
      expect.stringMatching(/^downloading/),
      expect.stringMatching(/^no official release/),
      expect.stringMatching(/^WARNING: .* can lose a whole stream/),
    ]);
  });

  test('without any source, the error says what to do', async () => {
    const sources = natsSources({ cacheDir, searchPath: directory.path, releasesUrl: 'http://127.0.0.1:1' });
    await expect(findNatsServer(sources.slice(0, 1), report)).rejects.toThrow(
      /No nats-server was found .* NATS_SERVER_BIN to its path, or set NATS_URL/,
    );
  });
});

describe("a newer Debian suite's package", () => {
  // The result depends on the machine: Debian with a mirror that can be reached, or not.
  test('gives a program that runs, or nothing, and leaves no incomplete download', async () => {
    const binary = await debianPackage(cacheDir).find(report);
    if (binary === null) expect(await inCache()).toEqual([]);
    else expect(await inCache()).toEqual([`${binary.version.join('.')}-${platform()}-${arch()}`]);
  });
});
