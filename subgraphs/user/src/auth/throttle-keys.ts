import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';

/** Hashes parts into a key, so that the table reveals neither e-mails nor addresses. */
export function throttleKey(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/**
 * Reduces an address to the part that counts as one client: for IPv6 the first 64 bits, since one subscriber owns
 * all addresses below.
 */
export function toNetwork(ip: string | null): string {
  if (ip === null) return 'unknown';
  const bare = ip.split('%', 1)[0] ?? ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!isIPv6(bare)) return bare;
  const [head = '', tail] = bare.toLowerCase().split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  // A dotted IPv4 at the end counts as two groups. It is among the first four only if everything before it is zero.
  const gap = Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array<string>(tail === undefined ? 0 : gap).fill('0'), ...back];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
