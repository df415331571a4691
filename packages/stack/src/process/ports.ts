import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './identity.ts';

/** A service's inspector listens so many ports above the service. */
export const INSPECTOR_OFFSET = 10_000;

/** Linux and macOS give ports from 32768 to outgoing connections, which could take a port or its inspector's after the choice. */
const [FIRST_PORT, LAST_PORT] = [12_000, 22_000];

/**
 * A TCP port on 127.0.0.1 that is free now, with the port of its inspector. No other call of this user gets it while this process
 * lives: a system chooses all its ports long before it listens on the last one.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    const isFree = async (chosen: number): Promise<boolean> => (await whyPortIsUnusable(chosen)) === null;
    if ((await isFree(port)) && (await isFree(port + INSPECTOR_OFFSET)) && reserve(port)) return port;
  }
}

/** The first of `count` TCP ports in a row on 127.0.0.1 that are free now. They are reserved as those of {@link freePort}. */
export async function freePortRange(count: number): Promise<number> {
  for (;;) {
    const first = randomInt(FIRST_PORT, LAST_PORT - count);
    const ports = Array.from({ length: count }, (_, place) => first + place);
    const reasons = await Promise.all(ports.map((port) => whyPortIsUnusable(port)));
    if (reasons.every((reason) => reason === null) && ports.every(reserve)) return first;
  }
}

/** Why a server cannot listen on this port (`EADDRINUSE`, `EACCES`, …), or `null` if it can. */
export function whyPortIsUnusable(port: number, host = '127.0.0.1'): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

/** Writes this process's id into the file of the port. False when another process that lives was first. */
function reserve(port: number): boolean {
  const directory = join(tmpdir(), `shop-ports-${process.getuid?.() ?? 'all'}`);
  const file = join(directory, String(port));
  mkdirSync(directory, { recursive: true });
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (!isOwned(file)) rmSync(file, { force: true });
    return false;
  }
}

/** True while the process lives that the file names. A file that is gone was taken or removed by another process just now. */
function isOwned(file: string): boolean {
  try {
    return isAlive(Number(readFileSync(file, 'utf8')));
  } catch {
    return true;
  }
}
