import { lstat, stat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { ExpectedError } from '../errors/expected-error.ts';

/** Where an HTTP server is that listens on a Unix socket. */
export interface SocketUrl {
  /** The file of the socket. It is absolute. */
  readonly socketPath: string;
  /** The path of the request, with its query string; undefined when the URL has none. */
  readonly path: string | undefined;
}

/** The URL of a Unix socket is malformed. The message does not quote it: a URL may have a secret in its query. */
export class SocketUrlError extends ExpectedError {
  constructor(mistake: string) {
    super(mistake);
    this.name = 'SocketUrlError';
  }
}

/** No server can listen on the socket. The message says what to do. */
export class SocketPathError extends ExpectedError {
  constructor(message: string) {
    super(message);
    this.name = 'SocketPathError';
  }
}

/** Bytes of the path of a socket: the address has 108 bytes on Linux and 104 on macOS, and the last one is NUL. */
export const maxSocketPathBytes = process.platform === 'darwin' ? 103 : 107;

const scheme = 'unix://';

/** Permissions that a socket never gets: any of other users, and execution. What is left is at most 0660. */
const forbiddenMode = 0o117;

/** True for a URL of a Unix socket, also for a malformed one. */
export function isSocketUrl(url: string): boolean {
  return url.toLowerCase().startsWith('unix:');
}

/**
 * Reads a URL such as `unix:///run/shop/user.sock?path=/graphql`. The characters `?`, `#`, `%` and `,` of a path are percent-encoded,
 * and `:` before a slash.
 *
 * @throws SocketUrlError
 */
export function readSocketUrl(url: string): SocketUrl {
  if (!url.startsWith(`${scheme}/`)) throw new SocketUrlError('must start with unix:/// and an absolute path');
  if (!URL.canParse(url)) throw new SocketUrlError('is malformed');
  const { pathname, searchParams, hash } = new URL(url);
  // Other programs write the path of a request like this. It would be a part of the file's name here.
  if (pathname.includes(':/')) throw new SocketUrlError('has ":/". Give the path of a request as ?path=/graphql');
  const socketPath = decode(pathname);
  const mistake = socketPath === undefined ? 'is not percent-encoded as a URL' : findSocketPathMistake(socketPath);
  if (socketPath === undefined || mistake !== undefined) throw new SocketUrlError(mistake ?? '');
  const unknown = [...searchParams.keys()].find((name) => name !== 'path');
  if (unknown !== undefined || hash !== '' || searchParams.getAll('path').length > 1)
    throw new SocketUrlError('may have one parameter only: the path of the request, such as ?path=/graphql');
  const given = searchParams.get('path');
  if (given === null) return { socketPath, path: undefined };
  if (!given.startsWith('/')) throw new SocketUrlError('has a path of the request that does not start with /');
  // Encodes what must not stand in the first line of a request.
  const request = new URL(`http://localhost${given}`);
  return { socketPath, path: `${request.pathname}${request.search}` };
}

/** The URL of a socket, without the path of a request. */
export function writeSocketUrl(socketPath: string): string {
  return `${scheme}${socketPath.split('/').map(encodeURIComponent).join('/')}`;
}

/** Tells why a path cannot be that of a socket; undefined when it can. It does not quote the path. */
export function findSocketPathMistake(socketPath: string): string | undefined {
  if (!path.posix.isAbsolute(socketPath)) return 'must be an absolute path of a socket';
  if (socketPath.endsWith('/')) return 'must name the file of a socket, not a directory';
  if (socketPath.includes('\0')) return 'must not have a NUL character';
  const bytes = Buffer.byteLength(socketPath);
  return bytes > maxSocketPathBytes
    ? `has a path of ${bytes} bytes, and that of a socket may have ${maxSocketPathBytes}. Use a shorter directory`
    : undefined;
}

/**
 * Makes place for a socket: removes one that a killed process has left.
 *
 * @throws SocketPathError when a process listens on it, something else has its name, or the directory does not exist
 */
export async function clearSocketPath(socketPath: string): Promise<void> {
  const mistake = findSocketPathMistake(socketPath);
  if (mistake !== undefined) throw new SocketPathError(`The socket "${socketPath}" ${mistake}.`);
  const directory = path.dirname(socketPath);
  const isDirectory = await stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isDirectory)
    throw new SocketPathError(`The directory of the socket ${socketPath} does not exist. Create ${directory}.`);
  const found = await findFile(socketPath);
  if (found === undefined) return;
  if (!found.isSocket())
    throw new SocketPathError(`${socketPath} is not a socket. Delete it, or set another path for the socket.`);
  if (await isListening(socketPath)) throw createTakenError(socketPath);
  // Another process may have replaced it meanwhile.
  if ((await findFile(socketPath))?.ino === found.ino) await unlink(socketPath);
}

/**
 * Listens on a socket that only the user and the group of this process can use: its mode is 0660, or less if the umask says so.
 *
 * @param listen begins to listen, and resolves when the socket is there
 * @throws SocketPathError
 */
export async function listenOnSocket(socketPath: string, listen: () => Promise<unknown>): Promise<void> {
  await clearSocketPath(socketPath);
  // A change of the mode afterwards would leave the socket open to others for a moment.
  const umask = process.umask();
  process.umask(umask | forbiddenMode);
  try {
    await listen();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw createTakenError(socketPath);
    if (code === 'EACCES')
      throw new SocketPathError(
        `The socket ${socketPath} cannot be created. Allow this user to write to its directory.`,
      );
    throw error;
  } finally {
    process.umask(umask);
  }
}

const createTakenError = (socketPath: string): SocketPathError =>
  new SocketPathError(`Another process listens on the socket ${socketPath}. Stop it, or set another path.`);

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

async function findFile(file: string) {
  try {
    return await lstat(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A socket whose process was killed refuses connections. One that is too busy, or that this user may not use, does not. */
function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
  });
}
