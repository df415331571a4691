import { sqlOver } from '@shop/subgraph';
import type { Transaction } from './database.ts';

/** Notes that this process publishes these keys now. Returns those that are new, and those that nobody publishes any more. */
export async function updateKnownKeys(
  tx: Transaction,
  kids: readonly string[],
  { at, goneBefore }: { at: Date; goneBefore: Date },
): Promise<{ readonly added: string[]; readonly removed: string[] }> {
  // Replicas take turns, so that each change is returned once.
  await sqlOver(tx).query(`SELECT pg_advisory_xact_lock(hashtextextended('known_access_token_keys', 0))::text`);
  const known = new Set((await tx.knownAccessTokenKey.findMany({ select: { kid: true } })).map(({ kid }) => kid));
  const added = kids.filter((kid) => !known.has(kid));
  await tx.knownAccessTokenKey.createMany({ data: added.map((kid) => ({ kid, seenAt: at })) });
  await tx.knownAccessTokenKey.updateMany({ where: { kid: { in: [...kids] } }, data: { seenAt: at } });
  const gone = { seenAt: { lt: goneBefore } };
  const removed = (await tx.knownAccessTokenKey.findMany({ where: gone })).map(({ kid }) => kid);
  await tx.knownAccessTokenKey.deleteMany({ where: gone });
  return { added, removed };
}
