import path from 'node:path';
import { startNats, type PostgresServer } from '@shop/stack';
import {
  appendToOutbox,
  connectBroker,
  fromPg,
  newEvent,
  onBatch,
  pgTransact,
  startConsumer,
  startRelay,
  type Broker,
  type ConsumerDefinition,
  type EventDefinition,
  type Logger,
  type Relay,
  type RunningConsumer,
  type StreamDefinition,
} from '@shop/messaging';
import { readTableMigrations } from '@shop/messaging/tables';
import pg from 'pg';

interface Counted {
  readonly n: number;
  readonly text: string;
}

const stream: StreamDefinition = { name: 'BENCH', publisher: 'writer', subjects: ['bench.>'] };
const consumer: ConsumerDefinition = { subscriber: 'reader', stream: 'BENCH', subjects: ['bench.counted.v1'] };
const topology = { streams: [stream], consumers: [consumer], requests: [] };
const counted: EventDefinition<Counted> = {
  type: 'bench.counted.v1',
  source: '/bench',
  parse: (data) => data as Counted,
};
/** About the size of an order's event. */
const text = 'x'.repeat(300);
const silent: Logger = {
  debug() {},
  info() {},
  warn: (fields, message) => console.warn(message, fields),
  error: (fields, message) => console.error(message, fields),
};

/** Writer, outbox, broker and consumer with their own database and broker. */
export class Pipeline {
  readonly syncInterval: string;
  readonly #pool: pg.Pool;
  readonly #databaseUrl: string;
  readonly #broker: Broker;
  readonly #stopNats: () => Promise<void>;
  #written = 0;
  #handled = 0;
  #onHandled = (): void => {};

  private constructor(
    syncInterval: string,
    database: { url: string; pool: pg.Pool },
    broker: Broker,
    stopNats: () => Promise<void>,
  ) {
    this.syncInterval = syncInterval;
    this.#pool = database.pool;
    this.#databaseUrl = database.url;
    this.#broker = broker;
    this.#stopNats = stopNats;
  }

  static async start(syncInterval: string, postgres: PostgresServer, directory: string): Promise<Pipeline> {
    const name = `bench_${syncInterval}`;
    const admin = new pg.Client({ connectionString: postgres.url() });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();
    const pool = new pg.Pool({ connectionString: postgres.url(name), max: 20 });
    for (const { sql } of await readTableMigrations('packages/messaging/sql')) await pool.query(sql);
    await pool.query('CREATE TABLE effects (message_id UUID PRIMARY KEY, n INT NOT NULL); CREATE INDEX ON effects (n)');
    const nats = await startNats({ dataDir: path.join(directory, `nats-${syncInterval}`), syncInterval });
    const broker = await connectBroker({ url: nats.url(), service: 'bench', topology, logger: silent });
    return new Pipeline(syncInterval, { url: postgres.url(name), pool }, broker, () => nats.stop());
  }

  relay(): Promise<Relay> {
    return startRelay({ databaseUrl: this.#databaseUrl, broker: this.#broker, stream, logger: silent });
  }

  consume(): Promise<RunningConsumer> {
    return startConsumer<pg.PoolClient>({
      broker: this.#broker,
      consumer,
      sql: fromPg,
      logger: silent,
      transact: async (work) => {
        const result = await pgTransact(this.#pool)(work);
        this.#onHandled();
        return result;
      },
      handlers: [
        onBatch(counted, async (events, tx) => {
          await tx.query('INSERT INTO effects SELECT id, n FROM unnest($1::uuid[], $2::int[]) AS event(id, n)', [
            events.map(({ id }) => id),
            events.map(({ data }) => data.n),
          ]);
          this.#handled += events.length;
        }),
      ],
    });
  }

  /**
   * Appends events, each of a different aggregate. A transaction has `together` events, and 8 transactions run at a
   * time.
   */
  async append(count: number, together: number): Promise<void> {
    let left = count;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        while (left > 0) {
          const events = Array.from({ length: Math.min(together, left) }, () =>
            newEvent(counted, { aggregateId: `aggregate-${++this.#written}`, data: { n: this.#written, text } }),
          );
          left -= events.length;
          await pgTransact(this.#pool)((tx) => appendToOutbox(fromPg(tx), events));
        }
      }),
    );
  }

  /** Resolves once every written event has been handled. */
  handled(): Promise<void> {
    return new Promise((resolve) => {
      this.#onHandled = () => {
        if (this.#handled >= this.#written) resolve();
      };
      this.#onHandled();
    });
  }

  /** Records acknowledgements for all events, as a broker causes that does not store what it acknowledges. */
  async pretendPublished(): Promise<void> {
    await this.#pool.query('UPDATE outbox SET published_at = now() WHERE published_at IS NULL');
  }

  /** Resolves once the first events have been handled. */
  async handledFirst(count: number): Promise<void> {
    for (;;) {
      const { rows } = await this.#pool.query('SELECT count(*)::int AS count FROM effects WHERE n <= $1', [count]);
      if (rows[0].count === count) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Appends one event and waits for its effect. Returns the milliseconds from commit to commit. */
  async measureOne(): Promise<number> {
    await this.append(1, 1);
    const n = this.#written;
    const start = performance.now();
    for (;;) {
      const { rows } = await this.#pool.query('SELECT FROM effects WHERE n = $1', [n]);
      if (rows.length > 0) return performance.now() - start;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async published(): Promise<void> {
    for (;;) {
      const { rows } = await this.#pool.query(
        'SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL) AS pending',
      );
      if (!rows[0].pending) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async stop(): Promise<void> {
    await this.#broker.close();
    await this.#pool.end();
    await this.#stopNats();
  }
}
