import { readFileSync } from 'node:fs';
import { findConsumer, findStream, topology } from '@shop/contracts';
import { connectBroker, isTransientDatabaseError, startConsumer, startHousekeeping, startRelay } from '@shop/messaging';
import { createInternalTokenVerifier, createLogger, runService } from '@shop/process';
import { sqlOver, startSubgraph } from '@shop/subgraph';
import { readConfig } from './config.ts';
import { createContextFactory } from './context.ts';
import { openDatabase } from './db/database.ts';
import { answerRequests } from './events/answer.ts';
import { orderHandlers } from './events/consume.ts';
import { resolvers } from './resolvers/index.ts';

runService('product', async ({ onStop }) => {
  const config = readConfig();
  const logger = createLogger({ service: 'product', level: config.LOG_LEVEL });
  const databaseUrl = config.PRODUCT_DATABASE_URL;

  const database = openDatabase(databaseUrl);
  onStop('database', () => database.close());

  const broker = await connectBroker({ url: config.NATS_URL, service: 'product', topology, logger });
  onStop('broker', () => broker.close());

  const relay = await startRelay({ databaseUrl, broker, stream: findStream('product'), logger });
  onStop('relay', () => relay.stop());

  const housekeeping = startHousekeeping({ sql: sqlOver(database.client), logger });
  onStop('housekeeping', () => housekeeping.stop());

  answerRequests(broker, database);

  const orders = await startConsumer({
    broker,
    consumer: findConsumer('product', 'order'),
    handlers: orderHandlers,
    transact: database.transact,
    sql: sqlOver,
    databaseUrl,
    logger,
  });
  onStop('orders', () => orders.stop());

  const subgraph = await startSubgraph({
    name: 'product',
    host: config.HOST,
    port: config.PRODUCT_PORT,
    logger,
    typeDefs: readFileSync('subgraphs/product/schema.graphql', 'utf8'),
    resolvers,
    verifyToken: createInternalTokenVerifier({ jwks: config.INTERNAL_TOKEN_JWKS, audience: 'product' }),
    createContext: createContextFactory({ database, now: () => new Date() }),
    readiness: { database: () => database.ping() },
    waits: { broker: () => broker.requireConnected() },
    isUnavailable: isTransientDatabaseError,
  });
  onStop('http', () => subgraph.close());
});
