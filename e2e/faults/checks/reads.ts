import type { Read } from '../load/readers.ts';
import { type Check, tell } from './check.ts';

/** A change of a product, as its event tells it. */
export interface Change {
  readonly productId: string;
  readonly kind: 'version' | 'available';
  /** The number of the change: the version of the product, or the sequence of its stock. */
  readonly number: number;
  /** The value that readers see afterwards. */
  readonly value: number;
  /** Milliseconds since 1970: when it was written, and when its event was in the stream. Null while it is not. */
  readonly writtenAt: number;
  readonly publishedAt: number | null;
}

/** A gateway whose connection has died silently may answer so long from its cache. */
const staleMs = 1_000;

/** Reads of clients that are older than a gateway may answer, or that show what never was. */
export function findOldReads(reads: readonly Read[], changes: readonly Change[]): string[] {
  const byProduct = new Map<string, Change[]>();
  for (const change of changes) {
    const key = `${change.productId} ${change.kind}`;
    byProduct.set(key, [...(byProduct.get(key) ?? []), change]);
  }
  for (const list of byProduct.values()) list.sort((a, b) => a.number - b.number);
  const isAllowed = (read: Read, kind: Change['kind'], value: number): boolean => {
    const list = byProduct.get(`${read.productId} ${kind}`) ?? [];
    const last = list.findLastIndex(({ publishedAt }) => publishedAt !== null && publishedAt <= read.askedAt - staleMs);
    // A clock of the database may be some milliseconds behind that of the client.
    const possible = list.slice(Math.max(last, 0)).filter(({ writtenAt }) => writtenAt <= read.answeredAt + staleMs);
    return possible.some((change) => change.value === value);
  };
  return reads.flatMap((read) =>
    (['version', 'available'] as const)
      .filter((kind) => !isAllowed(read, kind, read[kind]))
      .map((kind) => {
        const at = new Date(read.askedAt).toISOString();
        return `${kind} ${read[kind]} of ${read.productId} was read at ${at}`;
      }),
  );
}

interface Row {
  readonly type: string;
  readonly data: { productId: string; version?: number; sequence?: number; available?: number };
  readonly writtenAt: Date;
  readonly publishedAt: Date | null;
}

/**
 * Every read of a product shows what the database had at that moment, or at most a second before its event was in the stream; and
 * nobody missed what they had written themselves.
 */
export const checkReads: Check = async ({ databases, readers }) => {
  if (readers === undefined) return [];
  const rows = await databases.query<Row>(
    'product',
    `SELECT type, payload->'data' AS data, created_at AS "writtenAt", published_at AS "publishedAt" FROM outbox
     WHERE type IN ('shop.product.created.v1', 'shop.product.updated.v1', 'shop.inventory.updated.v1')`,
  );
  const changes = rows.map(({ data, writtenAt, publishedAt }): Change => {
    const { productId, version, sequence = 0, available = 0 } = data;
    const times = { writtenAt: +writtenAt, publishedAt: publishedAt && +publishedAt };
    return version === undefined
      ? { productId, kind: 'available', number: sequence, value: available, ...times }
      : { productId, kind: 'version', number: version, value: version, ...times };
  });
  const old = findOldReads(readers.reads, changes);
  return [
    ...tell(old.length, `of ${readers.reads.length} reads are older than the events allow`, old),
    ...tell(readers.missed.length, 'clients missed their own writes', readers.missed),
  ];
};
