import { type ServiceName, serviceNames } from '@shop/contracts';
import { eventually, type TestStack } from '@shop/testing';
import pg from 'pg';

/** Reads the progress of orders from the subgraphs' databases. It sends no request to the system itself. */
export interface OrderRecords {
  /** The processes of PostgreSQL that serve these records. */
  readonly sessions: ReadonlySet<number>;
  /** Returns once no order is PENDING and every event is published. */
  untilCarried(): Promise<void>;
  /** Returns once every message of the orders is sent, and nothing more is received. */
  untilTold(): Promise<void>;
  /** The orders of one run. @throws Error unless all of them became RESERVED */
  read(keyPrefix: string, placed: number): Promise<CarriedOrders>;
  countMessages(): Promise<MessageCounts>;
  /** Milliseconds from placing an order until a client that polls it once a millisecond sees RESERVED. */
  watch(orderId: string): Promise<number>;
  close(): Promise<void>;
}

export interface CarriedOrders {
  /** When the last order was RESERVED, in milliseconds since the epoch. */
  readonly until: number;
  /** Milliseconds from placed to RESERVED. */
  readonly p50: number;
  readonly p99: number;
}

export interface MessageCounts {
  /** Events that JetStream has acknowledged. Each was a row of an outbox and is a message of a stream. */
  readonly published: number;
  /** Messages that a consumer has handled. */
  readonly received: number;
}

const PATIENCE_MS = 60_000;

export async function openOrderRecords({ stack }: TestStack): Promise<OrderRecords> {
  const databases = Object.fromEntries(
    await Promise.all(serviceNames.map(async (name) => [name, await connect(name)] as const)),
  ) as Readonly<Record<ServiceName, pg.Client>>;
  const all = Object.values(databases);

  async function connect(name: ServiceName): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: stack.databaseUrl(name) });
    await client.connect();
    return client;
  }

  const ask = async <Row extends object>(
    client: pg.Client,
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row> => {
    const { rows } = await client.query<Row>({ text, values: [...values] });
    return rows[0] as Row;
  };

  const sum = async (text: string): Promise<number> => {
    const counts = await Promise.all(all.map((client) => ask<{ count: number }>(client, text)));
    return counts.reduce((total, { count }) => total + count, 0);
  };

  const countReceived = (): Promise<number> => sum('SELECT count(*)::int AS count FROM inbox');

  const pids = all.map(async (client) => (await ask<{ pid: number }>(client, 'SELECT pg_backend_pid() AS pid')).pid);
  const sessions = new Set(await Promise.all(pids));

  return {
    sessions,

    async untilCarried() {
      await eventually(
        async () => {
          const { count } = await ask<{ count: number }>(
            databases.order,
            `SELECT count(*)::int AS count FROM orders WHERE status = 'PENDING'`,
          );
          if (count > 0) throw new Error(`${count} orders are still PENDING after ${PATIENCE_MS / 1_000} s.`);
        },
        { timeoutMs: PATIENCE_MS },
      );
      await eventually(
        async () => {
          const count = await sum('SELECT count(*)::int AS count FROM outbox WHERE published_at IS NULL');
          if (count > 0) throw new Error(`${count} events are still unpublished after ${PATIENCE_MS / 1_000} s.`);
        },
        { timeoutMs: PATIENCE_MS },
      );
    },

    async untilTold() {
      let before = -1;
      await eventually(
        async () => {
          const { count } = await ask<{ count: number }>(
            databases.notification,
            `SELECT count(*)::int AS count FROM notifications WHERE status = 'QUEUED'`,
          );
          const received = await countReceived();
          const isQuiet = received === before;
          before = received;
          if (count > 0 || !isQuiet) throw new Error(`${count} messages still wait after ${PATIENCE_MS / 1_000} s.`);
        },
        { timeoutMs: PATIENCE_MS },
      );
    },

    async read(keyPrefix, placed) {
      const { count, ...carried } = await ask<CarriedOrders & { count: number }>(
        databases.order,
        `SELECT count(*)::int AS count,
           (extract(epoch FROM max(e.at)) * 1000)::float8 AS until,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM e.at - o.placed_at) * 1000)::float8 AS p50,
           percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM e.at - o.placed_at) * 1000)::float8 AS p99
         FROM orders o JOIN order_events e ON e.order_id = o.id AND e.to_status = 'RESERVED' WHERE starts_with(o.idempotency_key, $1)`,
        [keyPrefix],
      );
      if (count !== placed) throw new Error(`${placed} orders were placed, and ${count} of them became RESERVED.`);
      return carried;
    },

    countMessages: async () => ({
      published: await sum('SELECT count(published_at)::int AS count FROM outbox'),
      received: await countReceived(),
    }),

    watch: (orderId) =>
      untilReserved(async () => {
        const { rows } = await databases.order.query<{ status: string; at: Date }>({
          name: 'watch',
          text: 'SELECT status, placed_at AS at FROM orders WHERE id = $1',
          values: [orderId],
        });
        return rows[0]?.status === 'RESERVED'
          ? performance.timeOrigin + performance.now() - rows[0].at.getTime()
          : undefined;
      }),

    async close() {
      await Promise.all(all.map((client) => client.end()));
    },
  };
}

async function untilReserved(look: () => Promise<number | undefined>): Promise<number> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error(`An order was not RESERVED after ${PATIENCE_MS / 1_000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
