import type { Tokens, TokenStore } from './tokens.ts';

/** `localStorage`, `sessionStorage`, or what looks like them. */
export interface WebStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Web Locks, where the browser has them. */
interface Locks {
  request<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
}

/**
 * Tokens in a browser's storage, shared by its tabs. Scripts of the page can read them there: a page that runs scripts of
 * others should keep them in memory.
 */
export function webStorageTokens(storage: WebStorage, key = 'shop.tokens'): TokenStore {
  const { locks } = ((globalThis as { navigator?: unknown }).navigator ?? {}) as { locks?: Locks };
  return {
    load: () => parse(storage.getItem(key)),
    save(tokens) {
      if (tokens === null) storage.removeItem(key);
      else storage.setItem(key, JSON.stringify(tokens));
    },
    ...(locks === undefined ? {} : { exclusively: (work) => locks.request(key, work) }),
  };
}

/** What another version, or another program, left there is nobody's session. */
function parse(text: string | null): Tokens | null {
  try {
    const tokens = JSON.parse(text ?? 'null') as Tokens | null;
    return typeof tokens?.accessToken === 'string' && typeof tokens.refreshToken === 'string' ? tokens : null;
  } catch {
    return null;
  }
}
