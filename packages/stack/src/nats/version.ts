import { run } from '../process/run.ts';

/** A version of nats-server, for example `[2, 12, 12]`. */
export type NatsVersion = readonly [major: number, minor: number, patch: number];

/** A nats-server program that runs on this machine. */
export interface NatsBinary {
  readonly path: string;
  readonly version: NatsVersion;
}

/** Runs `nats-server -v`; `null` if that is no nats-server, or one that does not run here. */
export async function inspectBinary(path: string): Promise<NatsBinary | null> {
  const { code, stdout } = await run(path, ['-v'], { timeoutMs: 10_000 });
  const match = /nats-server: v(\d+)\.(\d+)\.(\d+)/.exec(stdout);
  if (code !== 0 || match === null) return null;
  return { path, version: [Number(match[1]), Number(match[2]), Number(match[3])] };
}

/** Whether `version` is `minimum` or newer. */
export function isAtLeast(version: NatsVersion, minimum: NatsVersion): boolean {
  for (const [index, part] of version.entries()) {
    const other = minimum[index] ?? 0;
    if (part !== other) return part > other;
  }
  return true;
}

/** Whether the server can be told when to flush (`sync_interval`) and to filter a consumer by several subjects. */
export function hasSyncInterval(version: NatsVersion): boolean {
  return isAtLeast(version, [2, 10, 0]);
}

/** 2.10.20 to 2.10.22 can lose a whole stream on kill -9 (nats-server issue 6888). */
export function canLoseStreams(version: NatsVersion): boolean {
  return isAtLeast(version, [2, 10, 20]) && !isAtLeast(version, [2, 10, 23]);
}

/** Whether events are safe with this server. */
export function isSuitable(version: NatsVersion): boolean {
  return hasSyncInterval(version) && !canLoseStreams(version);
}

/** `2.12.12`. */
export function formatVersion(version: NatsVersion): string {
  return version.join('.');
}
