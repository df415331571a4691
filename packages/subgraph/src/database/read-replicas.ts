import { setTimeout as sleep } from 'node:timers/promises';
import { isTransientDatabaseError, type SqlExecutor } from '@shop/messaging';
import type { Logger } from '@shop/process';

/** A read replica of a database. */
export interface ReadReplica {
  /** Its host and port, for the log. */
  readonly name: string;
  readonly sql: SqlExecutor;
}

export interface ReadReplicaOptions {
  readonly primary: SqlExecutor;
  readonly replicas: readonly ReadReplica[];
  readonly logger: Logger;
  /** Milliseconds that a read waits for a replica. One that needs more is not read from until it has caught up. Default: 100. */
  readonly maxWaitMs?: number;
  /** Milliseconds between two checks of a replica that is not read from. Default: 1000. */
  readonly checkEveryMs?: number;
}

/** Reads that go to replicas. */
export interface ReplicatedReads extends SqlExecutor {
  /** The number of replicas that are read from now. */
  countInUse(): number;
  stop(): Promise<void>;
}

const PRIMARY_POSITION = 'SELECT pg_current_wal_flush_lsn()::text AS position';
const REPLICA_POSITION = 'SELECT pg_last_wal_replay_lsn()::text AS position';
const POLL_MS = 5;

/**
 * Runs statements that only read on replicas, and each of them on the primary when no replica is good enough.
 *
 * A read sees everything that was committed before it began, whoever committed it: it first asks the primary how far
 * its log goes, and then uses a replica that has come as far. Reads that begin at the same time share the question.
 */
export function openReplicatedReads(options: ReadReplicaOptions): ReplicatedReads {
  const { primary, logger, maxWaitMs = 100, checkEveryMs = 1_000 } = options;
  const stopping = new AbortController();
  const findPosition = shareCalls(async () => (await readPosition(primary, PRIMARY_POSITION)) ?? 0n);
  const replicas = options.replicas.map((replica) => ({
    ...replica,
    isInUse: true,
    readPosition: shareCalls(() => readPosition(replica.sql, REPLICA_POSITION)),
  }));
  type Replica = (typeof replicas)[number];
  let turn = 0;

  function chooseReplica(): Replica | undefined {
    const usable = replicas.filter(({ isInUse }) => isInUse);
    turn += 1;
    return usable[turn % usable.length];
  }

  /** Waits until the replica has replayed the log up to the position. Returns false when that takes too long. */
  async function reaches(replica: Replica, position: bigint): Promise<boolean> {
    const end = performance.now() + maxWaitMs;
    for (;;) {
      const replayed = await replica.readPosition();
      // A replica that was promoted has no position, and a history of its own.
      if (replayed === null) return false;
      if (replayed >= position) return true;
      if (performance.now() > end) return false;
      await sleep(POLL_MS);
    }
  }

  function leave(replica: Replica, reason: string): void {
    if (!replica.isInUse || stopping.signal.aborted) return;
    replica.isInUse = false;
    logger.warn({ replica: replica.name }, `a read replica is not used for now: ${reason}`);
  }

  async function check(): Promise<void> {
    const left = replicas.filter(({ isInUse }) => !isInUse);
    if (left.length === 0) return;
    const position = await findPosition();
    for (const replica of left) {
      if (!(await reaches(replica, position).catch(() => false))) continue;
      replica.isInUse = true;
      logger.info({ replica: replica.name }, 'a read replica is used again');
    }
  }

  async function run(): Promise<void> {
    while (await sleep(checkEveryMs, true, { signal: stopping.signal }).catch(() => false))
      await check().catch(() => {});
  }
  const running = run();

  async function query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const replica = chooseReplica();
    if (replica === undefined) return primary.query<Row>(text, values);
    const position = await findPosition();
    try {
      if (await reaches(replica, position)) return await replica.sql.query<Row>(text, values);
      leave(replica, `it is more than ${maxWaitMs} ms behind`);
    } catch (error) {
      if (!isTransientDatabaseError(error)) throw error;
      leave(replica, (error as Error).message);
    }
    return primary.query<Row>(text, values);
  }

  return {
    query,
    countInUse: () => replicas.filter(({ isInUse }) => isInUse).length,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** The position in the log in bytes, from text such as `16/B374D848`. */
async function readPosition(sql: SqlExecutor, text: string): Promise<bigint | null> {
  const [row] = await sql.query<{ position: string | null }>(text);
  const [high, low] = row?.position?.split('/') ?? [];
  return high === undefined || low === undefined ? null : (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

/**
 * Lets calls share their work. Work that is running already began before the call, so its result would be too old: calls
 * wait for it to end, and share the next.
 */
function shareCalls<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let current: Promise<unknown> | undefined;
  let next: Promise<Result> | undefined;
  return () =>
    (next ??= Promise.resolve(current)
      .catch(() => {})
      .then(() => {
        next = undefined;
        const running = work();
        current = running;
        return running;
      }));
}
