import type { JWK } from 'jose';
import { ExpectedError } from '@shop/process';

/** A private key of access tokens, with the times that the user subgraph goes by. */
export type ListedKey = JWK & {
  readonly kid: string;
  /** RFC 3339; until then the key is only shown. Without it, it has been signing always. */
  readonly signsFrom?: string;
  /** RFC 3339; from then on the key is not shown any more. Without it, it is shown for good. */
  readonly verifiesUntil?: string;
};

/** How long the keys of a rotation wait for each other, in seconds. */
export interface RotationTimes {
  /** The new key is shown before it signs. Default 600: longer than gateways, and what caches their JWKS, keep the old list. */
  readonly announced: number;
  /** An old key is shown after it has signed last. Default 1,200: longer than its tokens live, which is 15 minutes. */
  readonly kept: number;
}

export const ROTATION_TIMES: RotationTimes = { announced: 600, kept: 1_200 };

/**
 * The list with a new key, which signs after `announced` seconds; the keys until then are dropped once their tokens have expired.
 * Keys whose time is over are left out.
 *
 * @throws ExpectedError while the key of an earlier rotation does not sign yet.
 */
export function rotate(keys: readonly ListedKey[], next: ListedKey, now: Date, times = ROTATION_TIMES): ListedKey[] {
  const waiting = keys.find((key) => stateOf(key, keys, now) === 'announced');
  if (waiting !== undefined) {
    throw new ExpectedError(
      `The key ${waiting.kid} is announced already, and signs from ${waiting.signsFrom}: wait for it.`,
    );
  }
  const signsFrom = now.getTime() + times.announced * 1_000;
  const verifiesUntil = new Date(signsFrom + times.kept * 1_000).toISOString();
  const old = keys
    .filter((key) => !isOver(key, now))
    .map((key) => ({ ...key, verifiesUntil: key.verifiesUntil ?? verifiesUntil }));
  return [{ ...next, signsFrom: new Date(signsFrom).toISOString() }, ...old];
}

/** What a key of the list is used for now. */
export type KeyState = 'announced' | 'signs' | 'verifies' | 'over';

export function stateOf(key: ListedKey, keys: readonly ListedKey[], now: Date): KeyState {
  if (isOver(key, now)) return 'over';
  if (isEarly(key, now)) return 'announced';
  return keys.find((other) => !isOver(other, now) && !isEarly(other, now)) === key ? 'signs' : 'verifies';
}

function isOver({ verifiesUntil }: ListedKey, now: Date): boolean {
  return verifiesUntil !== undefined && Date.parse(verifiesUntil) <= now.getTime();
}

function isEarly({ signsFrom }: ListedKey, now: Date): boolean {
  return signsFrom !== undefined && Date.parse(signsFrom) > now.getTime();
}
