import type { Viewer } from '@shop/process';
import type { CacheShare } from '../supergraph/index.ts';

/** A value that everyone may share. */
export const everyone: CacheShare = { isPrivate: false, scopes: [] };

/** A value that depends on the scopes of the caller and on whether it is signed in. */
export const byScopes: CacheShare = { isPrivate: false, scopes: 'all' };

/** Those who may share a value that is made of two. */
export function joinShares(first: CacheShare, second: CacheShare): CacheShare {
  if (first === second || includes(first, second)) return first;
  const isPrivate = first.isPrivate || second.isPrivate;
  if (first.scopes === 'all' || second.scopes === 'all') return { isPrivate, scopes: 'all' };
  return { isPrivate, scopes: [...new Set([...first.scopes, ...second.scopes])].sort() };
}

/** True when what one value depends on is part of what the other depends on. */
function includes(first: CacheShare, second: CacheShare): boolean {
  if (second.isPrivate && !first.isPrivate) return false;
  if (first.scopes === 'all') return true;
  const { scopes } = first;
  return second.scopes !== 'all' && second.scopes.every((scope) => scopes.includes(scope));
}

const texts = new WeakMap<CacheShare, WeakMap<Viewer, string>>();

/** A text that is equal for the callers who may share a value. */
export function describeSharer(share: CacheShare, viewer: Viewer): string {
  if (share === everyone) return '';
  let byViewer = texts.get(share);
  if (byViewer === undefined) texts.set(share, (byViewer = new WeakMap()));
  let text = byViewer.get(viewer);
  if (text === undefined) byViewer.set(viewer, (text = describe(share, viewer)));
  return text;
}

function describe({ isPrivate, scopes }: CacheShare, viewer: Viewer): string {
  const user = isPrivate ? [viewer.userId] : [];
  if (scopes === 'all') return JSON.stringify([viewer.userId !== null, [...viewer.scopes].sort(), ...user]);
  const held = scopes.filter((scope) => viewer.scopes.has(scope));
  return held.length === 0 && !isPrivate ? '' : JSON.stringify([held, ...user]);
}
