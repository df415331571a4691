import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { ExpectedError } from '@shop/process';
import { claimPorts, releasePorts } from './port-claims.ts';

/** A service's inspector listens so many ports above the service. */
export const INSPECTOR_OFFSET = 10_000;

/** Linux and macOS give ports from 32768 to outgoing connections, which could take a port or its inspector's after the choice. */
const [FIRST_PORT, LAST_PORT] = [12_000, 22_000];

/** While half of all ports are taken, one of 128 tries finds a row of seven. */
const MOST_ATTEMPTS = 2_000;

/**
 * A TCP port on 127.0.0.1 that is free now, with the port of its inspector. No other call of this user gets it while this process
 * lives: a system chooses all its ports long before it listens on the last one.
 *
 * @throws ExpectedError when there is none.
 */
export function freePort(): Promise<number> {
  return findPorts(1, (port) => [port, port + INSPECTOR_OFFSET]);
}

/** The first of `count` TCP ports in a row on 127.0.0.1 that are free now. They are claimed as those of {@link freePort}. */
export function freePortRange(count: number): Promise<number> {
  return findPorts(count, (port) => [port]);
}

/** @param listPorts The ports that must be free for one of the row. */
async function findPorts(count: number, listPorts: (port: number) => number[]): Promise<number> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const first = randomInt(FIRST_PORT, LAST_PORT - count);
    const ports = Array.from({ length: count }, (_, place) => first + place);
    if (await claimPorts(ports)) {
      const reasons = await Promise.all(ports.flatMap(listPorts).map((port) => whyPortIsUnusable(port)));
      if (reasons.every((reason) => reason === null)) return first;
      releasePorts(ports);
    }
    // Opening and closing a port needs no turn of the event loop, so that all else would stand still.
    await setImmediate();
  }
  throw new ExpectedError(
    `No ${count === 1 ? 'port is' : `${count} ports in a row are`} free between ${FIRST_PORT} and ${LAST_PORT}. ` +
      'Stop other programs, or set the ports in the environment.',
  );
}

/** Why a server cannot listen on this port (`EADDRINUSE`, `EACCES`, …), or `null` if it can. */
export function whyPortIsUnusable(port: number, host = '127.0.0.1'): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
