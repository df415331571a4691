import { findServerRisk } from '@shop/messaging';
import type { Report } from '@shop/process';
import { run } from '../process/run.ts';

/** A version of nats-server, for example `[2, 12, 12]`. */
export type NatsVersion = readonly [major: number, minor: number, patch: number];

/** A nats-server program that runs on this machine. */
export interface NatsBinary {
  readonly path: string;
  readonly version: NatsVersion;
}

/** One place to get a nats-server from. */
export interface NatsSource {
  /** For the terminal, for example `nats-server on the PATH`. */
  readonly name: string;
  /**
   * Returns a program that runs on this machine, or `null` when this source has none. `report` gets the reason when it
   * helps.
   *
   * @throws ExpectedError only when the person asked for this source.
   */
  find(report: Report): Promise<NatsBinary | null>;
}

/** Runs `nats-server -v`; `null` if that is no nats-server, or if it does not run on this machine. */
export async function inspectBinary(path: string): Promise<NatsBinary | null> {
  const { code, stdout } = await run(path, ['-v'], { timeoutMs: 10_000 });
  const match = /nats-server: v(\d+)\.(\d+)\.(\d+)/.exec(stdout);
  if (code !== 0 || match === null) return null;
  return { path, version: [Number(match[1]), Number(match[2]), Number(match[3])] };
}

/** True when `version` is `minimum` or newer. */
export function isAtLeast(version: NatsVersion, minimum: NatsVersion): boolean {
  for (const [index, part] of version.entries()) {
    const other = minimum[index] ?? 0;
    if (part !== other) return part > other;
  }
  return true;
}

/** True when the server has the setting `sync_interval` and consumers that filter by several subjects. */
export function hasSyncInterval(version: NatsVersion): boolean {
  return isAtLeast(version, [2, 10, 0]);
}

/** True when nothing is known against this server. */
export function isSuitable(version: NatsVersion): boolean {
  return findServerRisk(formatVersion(version)) === undefined;
}

/** `2.12.12`. */
export function formatVersion(version: NatsVersion): string {
  return version.join('.');
}
