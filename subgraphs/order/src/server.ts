import { readFileSync } from 'node:fs';
import { consumers, streams, topology } from '@shop/contracts';
import { connectBroker, startConsumer, startHousekeeping, startRelay } from '@shop/messaging';
import { createInternalTokenVerifier, createLogger, runService, sqlOver, startSubgraph } from '@shop/service';
import { readConfig } from './config.ts';
import { createContextFactory } from './context.ts';
import { openDatabase } from './db/database.ts';
import { createProductQuestion } from './events/ask-products.ts';
import { productHandlers, userHandlers } from './events/consume.ts';
import { resolvers } from './resolvers/index.ts';

runService('order', async ({ onStop }) => {
  const config = readConfig();
  const logger = createLogger({ service: 'order', level: config.LOG_LEVEL });
  const databaseUrl = config.ORDER_DATABASE_URL;

  const database = openDatabase(databaseUrl);
  onStop('database', () => database.close());

  const broker = await connectBroker({ url: config.NATS_URL, service: 'order', topology, logger });
  onStop('broker', () => broker.close());

  const relay = await startRelay({ databaseUrl, broker, stream: streams.order, logger });
  onStop('relay', () => relay.stop());

  const housekeeping = startHousekeeping({ sql: sqlOver(database.client), logger });
  onStop('housekeeping', () => housekeeping.stop());

  const products = await startConsumer({
    broker,
    consumer: consumers.orderFromProduct,
    handlers: productHandlers,
    transact: database.transact,
    sql: sqlOver,
    databaseUrl,
    logger,
  });
  onStop('products', () => products.stop());

  const users = await startConsumer({
    broker,
    consumer: consumers.orderFromUser,
    handlers: userHandlers,
    transact: database.transact,
    sql: sqlOver,
    databaseUrl,
    logger,
  });
  onStop('users', () => users.stop());

  const subgraph = await startSubgraph({
    name: 'order',
    host: config.HOST,
    port: config.ORDER_PORT,
    logger,
    typeDefs: readFileSync('subgraphs/order/schema.graphql', 'utf8'),
    resolvers,
    verifyToken: createInternalTokenVerifier({ jwks: config.INTERNAL_TOKEN_JWKS, audience: 'order' }),
    createContext: createContextFactory({ database, askForProducts: createProductQuestion(broker), now: () => new Date() }),
    readiness: { database: () => database.ping() },
    waits: { broker: () => broker.requireConnected() },
  });
  onStop('http', () => subgraph.close());
});
