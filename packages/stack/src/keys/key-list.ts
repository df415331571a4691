import type { JWK } from 'jose';
import { ExpectedError } from '@shop/process';

/** A private key of access tokens, with the times that its service follows. */
export type ListedKey = JWK & {
  readonly kid: string;
  /** RFC 3339. Before this time the key is published and does not sign. Default: it signs. */
  readonly signsFrom?: string;
  /** RFC 3339. After this time the key is not published. Default: it stays published. */
  readonly verifiesUntil?: string;
};

/** The times of a rotation, in seconds. */
export interface RotationTimes {
  /** From the publication of the new key to its first signature. Default 600: longer than gateways and caches keep the old JWKS. */
  readonly announced: number;
  /** From the last signature of an old key to its removal. Default 1,200: longer than its tokens live, which is 15 minutes. */
  readonly kept: number;
}

export const ROTATION_TIMES: RotationTimes = { announced: 600, kept: 1_200 };

/**
 * Returns the list with a new key, which signs after `announced` seconds. The older keys are removed after their tokens have expired.
 * Keys that have expired are left out.
 *
 * @throws ExpectedError while the key of an earlier rotation does not sign yet.
 */
export function rotate(keys: readonly ListedKey[], next: ListedKey, now: Date, times = ROTATION_TIMES): ListedKey[] {
  const waiting = keys.find((key) => findKeyState(key, keys, now) === 'announced');
  if (waiting !== undefined) {
    throw new ExpectedError(
      `The key ${waiting.kid} is announced already and signs from ${waiting.signsFrom}. Wait until then.`,
    );
  }
  const signsFrom = now.getTime() + times.announced * 1_000;
  const verifiesUntil = new Date(signsFrom + times.kept * 1_000).toISOString();
  const old = keys
    .filter((key) => !isOver(key, now))
    .map((key) => ({ ...key, verifiesUntil: key.verifiesUntil ?? verifiesUntil }));
  return [{ ...next, signsFrom: new Date(signsFrom).toISOString() }, ...old];
}

/** The use of a key at one time. */
export type KeyState = 'announced' | 'signs' | 'verifies' | 'over';

/** The use of a key of the list at a time. */
export function findKeyState(key: ListedKey, keys: readonly ListedKey[], now: Date): KeyState {
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
