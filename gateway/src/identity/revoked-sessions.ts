import { accessToken } from '@shop/process';

/** The longest time for which a token of a session that ended may still be valid, also when clocks differ. */
export const revocationLifetimeMs = (accessToken.ttlSeconds + 2 * accessToken.clockToleranceSeconds) * 1000;

/** The sessions that ended while access tokens of them may still be valid. */
export interface RevokedSessions {
  /** Adds sessions that ended at the given time. Adding one again changes nothing. */
  add(sessionIds: readonly string[], endedAt: Date): void;
  has(sessionId: string | null): boolean;
  readonly size: number;
  /** True while revocations reach this list. */
  isCurrent(): boolean;
  setCurrent(isCurrent: () => boolean): void;
}

/**
 * Creates the list. It keeps a session for as long as one of its tokens can be valid.
 *
 * @param now milliseconds; for tests
 */
export function createRevokedSessions({ now = Date.now }: { now?: () => number } = {}): RevokedSessions {
  /** The time from which each session can be forgotten, oldest entries first. */
  const expiries = new Map<string, number>();
  let isCurrent = (): boolean => true;

  function forgetExpired(): void {
    for (const [sessionId, expiresAt] of expiries) {
      // The entries are nearly in order: a later round deletes what this one leaves.
      if (expiresAt > now()) return;
      expiries.delete(sessionId);
    }
  }

  return {
    add(sessionIds, endedAt) {
      forgetExpired();
      const expiresAt = endedAt.getTime() + revocationLifetimeMs;
      if (expiresAt <= now()) return;
      for (const sessionId of sessionIds) expiries.set(sessionId, Math.max(expiresAt, expiries.get(sessionId) ?? 0));
    },
    has: (sessionId) => sessionId !== null && (expiries.get(sessionId) ?? 0) > now(),
    get size() {
      return expiries.size;
    },
    isCurrent: () => isCurrent(),
    setCurrent(read) {
      isCurrent = read;
    },
  };
}
