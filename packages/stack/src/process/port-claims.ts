import { mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, processStartedAt } from './identity.ts';

const directory = (): string => join(tmpdir(), `shop-ports-${process.getuid?.() ?? 'all'}`);
const fileOf = (port: number): string => join(directory(), String(port));

const own = new Set<number>();
/** Owners that are gone. On a system without /proc, each question of whether one lives starts a program. */
const gone = new Set<string>();
let ownIdentity: Promise<string> | undefined;

/**
 * Claims all of these ports for this process, or none: false when another process of this user, or an earlier call, has one of them.
 * The claims end with the process. Those of a process that was killed count no longer.
 */
export async function claimPorts(ports: readonly number[]): Promise<boolean> {
  const claimed: number[] = [];
  for (const port of ports) {
    if (!(await claim(port))) {
      releasePorts(claimed);
      return false;
    }
    claimed.push(port);
  }
  return true;
}

/** Gives claimed ports back. */
export function releasePorts(ports: Iterable<number>): void {
  for (const port of ports) if (own.delete(port)) rmSync(fileOf(port), { force: true });
}

async function claim(port: number): Promise<boolean> {
  if (own.has(port)) return false;
  const identity = await (ownIdentity ??= begin());
  // A link has its text from the first moment. A file would be empty for a while.
  if (!link(identity, port)) {
    const owner = readOwner(port);
    if (owner !== undefined && (await isOwned(owner))) return false;
    // Another process may have done the same in the meantime.
    if (readOwner(port) === owner) rmSync(fileOf(port), { force: true });
    if (!link(identity, port)) return false;
  }
  own.add(port);
  return true;
}

async function begin(): Promise<string> {
  mkdirSync(directory(), { recursive: true });
  process.once('exit', () => releasePorts([...own]));
  return `${process.pid} ${await processStartedAt(process.pid)}`;
}

function link(identity: string, port: number): boolean {
  try {
    symlinkSync(identity, fileOf(port));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** Undefined when the claim is gone, or is no link. */
function readOwner(port: number): string | undefined {
  try {
    return readlinkSync(fileOf(port));
  } catch {
    return undefined;
  }
}

/** True while the process lives that has this identity. A later one can have the same pid. */
async function isOwned(owner: string): Promise<boolean> {
  if (gone.has(owner)) return false;
  const pid = Number.parseInt(owner);
  if (isAlive(pid) && `${pid} ${await processStartedAt(pid)}` === owner) return true;
  gone.add(owner);
  return false;
}
