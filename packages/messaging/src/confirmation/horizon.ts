import type { SqlExecutor } from '../sql.ts';

interface Sample {
  readonly takenAt: number;
  /** Last place of the outbox that had been given to a row. */
  readonly sequence: bigint;
  /** Transactions that could still insert a row at or before that place. */
  readonly writers: readonly string[];
}

const sampleEveryMs = 1_000;

const selectLast = 'SELECT CASE WHEN is_called THEN last_value ELSE 0 END::text AS sequence FROM outbox_sequence_seq';

// A transaction that inserts holds this lock from before it takes its first place until it ends.
const writing = `
  FROM pg_locks WHERE relation = 'outbox'::regclass AND mode = 'RowExclusiveLock'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
const selectWriters = `SELECT DISTINCT virtualtransaction AS writer ${writing}`;
const selectRemaining = `SELECT count(*)::int AS count ${writing} AND virtualtransaction = ANY($1::text[])`;

/**
 * Finds the place up to which the outbox is complete: no transaction will insert a row at or before it. Places are given
 * in another order than transactions commit, so the largest visible place does not tell.
 */
export class SettledHorizon {
  readonly #sql: SqlExecutor;
  readonly #minAgeMs: number;
  #samples: readonly Sample[] = [];
  #sampledAt = -Infinity;
  #finding: Promise<bigint | undefined> | undefined;
  #settled: bigint | undefined;

  /**
   * @param sql Each statement must be its own transaction.
   * @param minAgeMs Milliseconds for which the outbox must have been complete up to the place.
   */
  constructor(sql: SqlExecutor, minAgeMs: number) {
    this.#sql = sql;
    this.#minAgeMs = minAgeMs;
  }

  /** True while nothing was written since the place that was found last. */
  get isQuiet(): boolean {
    return this.#settled !== undefined && this.#samples.length === 0;
  }

  /** Returns the place, or `undefined` as long as none is old enough. Call it every second or so. Callers at the same time share it. */
  find(): Promise<bigint | undefined> {
    this.#finding ??= this.#find().finally(() => {
      this.#finding = undefined;
    });
    return this.#finding;
  }

  async #find(): Promise<bigint | undefined> {
    const now = performance.now();
    if (now - this.#sampledAt >= sampleEveryMs) await this.#takeSample(now);
    const candidate = this.#samples.findLast(({ takenAt }) => now - takenAt >= this.#minAgeMs);
    if (candidate && (await this.#isSettled(candidate))) {
      this.#settled = candidate.sequence;
      this.#samples = this.#samples.filter(({ sequence }) => sequence > candidate.sequence);
    }
    return this.#settled;
  }

  async #takeSample(takenAt: number): Promise<void> {
    // In this order: who takes a place after the first statement gets one beyond it.
    const [last] = await this.#sql.query<{ sequence: string }>(selectLast);
    const sequence = BigInt(last?.sequence ?? 0);
    this.#sampledAt = takenAt;
    // Nothing was written since: rows to come have later places.
    if (sequence === this.#settled && this.#samples.length === 0) return;
    const writers = await this.#sql.query<{ writer: string }>(selectWriters);
    this.#samples = [...this.#samples, { takenAt, sequence, writers: writers.map(({ writer }) => writer) }];
  }

  async #isSettled({ writers }: Sample): Promise<boolean> {
    if (writers.length === 0) return true;
    const [row] = await this.#sql.query<{ count: number }>(selectRemaining, [writers]);
    return row?.count === 0;
  }
}
