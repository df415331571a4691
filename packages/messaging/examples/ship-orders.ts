// Two services: `orders` stores an order and publishes an event, `shipping` prepares a parcel for each event.
import {
  appendToOutbox,
  connectBroker,
  fromPg,
  newEvent,
  on,
  pgTransact,
  startConsumer,
  startHousekeeping,
  startRelay,
  type ConsumerDefinition,
  type EventDefinition,
  type Logger,
  type StreamDefinition,
  type Topology,
} from '@shop/messaging';
import { readTableMigrations } from '@shop/messaging/tables';
import { Pool, type PoolClient } from 'pg';

// 1. The topology says which service publishes and consumes what.
const orders: StreamDefinition = { name: 'ORDERS', publisher: 'orders', subjects: ['example.orders.>'] };
const shipping: ConsumerDefinition = {
  subscriber: 'shipping',
  stream: 'ORDERS',
  subjects: ['example.orders.placed.v1'],
};
const topology: Topology = { streams: [orders], consumers: [shipping], requests: [] };

// 2. An event definition checks the data, when an event is created and when it is received.
interface OrderPlaced {
  readonly orderId: string;
  readonly address: string;
}
const orderPlaced: EventDefinition<OrderPlaced> = {
  type: 'example.orders.placed.v1',
  source: '/orders',
  parse(data) {
    const { orderId, address } = (data ?? {}) as Partial<OrderPlaced>;
    if (typeof orderId !== 'string' || typeof address !== 'string')
      throw new Error('orderId and address must be strings');
    return { orderId, address };
  },
};

// 3. Each service has the messaging tables in its own database. Its deployment runs these migrations.
export async function createTables(databaseUrl: string, sqlDirectory = 'packages/messaging/sql'): Promise<void> {
  const pool = new Pool({ connectionString: databaseUrl });
  for (const { sql } of await readTableMigrations(sqlDirectory)) await pool.query(sql);
  await pool.end();
}

export interface Settings {
  readonly databaseUrl: string;
  /** For example `nats://orders:password@localhost:4222`. */
  readonly natsUrl: string;
  readonly logger: Logger;
}

// 4. The publisher appends the event in the transaction of the change. The relay publishes it.
export async function startOrders({ databaseUrl, natsUrl, logger }: Settings) {
  const pool = new Pool({ connectionString: databaseUrl });
  const broker = await connectBroker({ url: natsUrl, service: 'orders', topology, logger });
  const relay = await startRelay({ databaseUrl, broker, stream: orders, logger });
  const housekeeping = startHousekeeping({ sql: fromPg(pool), logger, followers: [shipping] });
  return {
    async placeOrder(order: OrderPlaced): Promise<void> {
      await pgTransact(pool)(async (tx) => {
        await tx.query('INSERT INTO orders (id, address) VALUES ($1, $2)', [order.orderId, order.address]);
        await appendToOutbox(fromPg(tx), [newEvent(orderPlaced, { aggregateId: order.orderId, data: order })]);
      });
    },
    async stop(): Promise<void> {
      await housekeeping.stop();
      await relay.stop();
      await broker.close();
      await pool.end();
    },
  };
}

// 5. The consumer's handler changes the database in the transaction that also records the message as handled.
export async function startShipping({ databaseUrl, natsUrl, logger }: Settings) {
  const pool = new Pool({ connectionString: databaseUrl });
  const broker = await connectBroker({ url: natsUrl, service: 'shipping', topology, logger });
  const consumer = await startConsumer<PoolClient>({
    broker,
    consumer: shipping,
    databaseUrl,
    transact: pgTransact(pool),
    sql: fromPg,
    logger,
    handlers: [
      on(orderPlaced, async ({ data }, tx) => {
        await tx.query('INSERT INTO parcels (order_id, address) VALUES ($1, $2)', [data.orderId, data.address]);
      }),
    ],
  });
  const housekeeping = startHousekeeping({ sql: fromPg(pool), logger, followers: [] });
  return {
    async stop(): Promise<void> {
      await housekeeping.stop();
      await consumer.stop();
      await broker.close();
      await pool.end();
    },
  };
}
