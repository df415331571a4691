import { appendAudit } from '@shop/subgraph';
import { updateKnownKeys } from '../db/known-keys.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * A key is gone when no process has published it for this long. Replicas learn of a change at different moments, and one that
 * restarts with other keys does so before the next one.
 */
const GONE_AFTER_MS = 10 * 60_000;

/** Records in the audit log which keys of access tokens appeared, and which are gone. Returns how many. */
export async function recordKeyChanges({
  database,
  accessTokens,
  now,
}: Pick<Dependencies, 'database' | 'accessTokens' | 'now'>): Promise<number> {
  const at = now();
  const algorithms = new Map(accessTokens.jwks.keys.map(({ kid, alg }) => [String(kid), alg ?? null]));
  return database.transact(async (tx) => {
    const goneBefore = new Date(at.getTime() - GONE_AFTER_MS);
    const { added, removed } = await updateKnownKeys(tx, [...algorithms.keys()], { at, goneBefore });
    const entries = [
      ...added.map((kid) => ({ action: 'KEY_ADDED', subjectId: kid, details: { alg: algorithms.get(kid) ?? null } })),
      ...removed.map((kid) => ({ action: 'KEY_REMOVED', subjectId: kid, details: {} })),
    ];
    await appendAudit(
      tx,
      entries.map((entry) => ({ actorId: null, ...entry })),
      at,
    );
    return entries.length;
  });
}
