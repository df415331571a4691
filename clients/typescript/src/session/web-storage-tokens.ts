import type { Tokens, TokenStore } from './tokens.ts';

/** `localStorage`, `sessionStorage`, or an object with the same methods. */
export interface WebStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** The part of the Web Locks API that is used here. */
interface Locks {
  request<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
}

/**
 * Keeps the tokens in a browser's storage, where all tabs share them. Every script of the page can read them there. A
 * page with third-party scripts should keep tokens in memory instead.
 */
export function webStorageTokens(storage: WebStorage, key = 'shop.tokens'): TokenStore {
  // The package also compiles without the DOM's types, which declare `navigator`.
  const { navigator } = globalThis as { navigator?: { locks?: Locks } };
  const locks = navigator?.locks;
  return {
    load: () => parse(storage.getItem(key)),
    save(tokens) {
      if (tokens === null) storage.removeItem(key);
      else storage.setItem(key, JSON.stringify(tokens));
    },
    ...(locks === undefined ? {} : { exclusively: (work) => locks.request(key, work) }),
  };
}

/** Reads stored tokens. Values from another version or another program are ignored. */
function parse(text: string | null): Tokens | null {
  try {
    const tokens: Tokens | null = JSON.parse(text ?? 'null');
    return typeof tokens?.accessToken === 'string' && typeof tokens.refreshToken === 'string' ? tokens : null;
  } catch {
    return null;
  }
}
