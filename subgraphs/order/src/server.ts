import { readFileSync } from 'node:fs';
import { findConsumer, findStream, topology } from '@shop/contracts';
import { connectBroker, isTransientDatabaseError, startConsumer, startHousekeeping, startRelay } from '@shop/messaging';
import { createInternalTokenVerifier, createLogger, runService } from '@shop/process';
import { sqlOver, startSubgraph } from '@shop/subgraph';
import { readConfig } from './config.ts';
import { createContextFactory } from './context.ts';
import { openDatabase } from './db/database.ts';
import { createProductQuestion } from './events/ask-products.ts';
import { createProductHandlers, userHandlers } from './events/consume.ts';
import { guardProvider } from './payments/guarded-provider.ts';
import { createSimulatedProvider } from './payments/simulated-provider.ts';
import { resolvers } from './resolvers/index.ts';
import { startExpiry } from './timers/expiry.ts';
import { startPaymentSettler, startRefunder } from './timers/payments.ts';

runService('order', async ({ onStop }) => {
  const config = readConfig();
  const logger = createLogger({ service: 'order', level: config.LOG_LEVEL });
  const databaseUrl = config.ORDER_DATABASE_URL;

  const database = openDatabase(databaseUrl);
  onStop('database', () => database.close());

  const broker = await connectBroker({ url: config.NATS_URL, service: 'order', topology, logger });
  onStop('broker', () => broker.close());

  const relay = await startRelay({ databaseUrl, broker, stream: findStream('order'), logger });
  onStop('relay', () => relay.stop());

  const housekeeping = startHousekeeping({ sql: sqlOver(database.client), logger });
  onStop('housekeeping', () => housekeeping.stop());

  const products = await startConsumer({
    broker,
    consumer: findConsumer('order', 'product'),
    handlers: createProductHandlers({ reservationSeconds: config.RESERVATION_SECONDS }),
    transact: database.transact,
    sql: sqlOver,
    databaseUrl,
    logger,
  });
  onStop('products', () => products.stop());

  const users = await startConsumer({
    broker,
    consumer: findConsumer('order', 'user'),
    handlers: userHandlers,
    transact: database.transact,
    sql: sqlOver,
    databaseUrl,
    logger,
  });
  onStop('users', () => users.stop());

  // A stand-in for a company with servers of its own: it shares the database, and neither connections nor transactions.
  const providerDatabase = openDatabase(databaseUrl);
  onStop('payment provider', () => providerDatabase.close());

  const dependencies = {
    database,
    askForProducts: createProductQuestion(broker),
    payments: guardProvider(createSimulatedProvider(providerDatabase), logger),
    now: () => new Date(),
  };
  const timers = [
    startExpiry(dependencies, logger),
    startPaymentSettler(dependencies, logger),
    startRefunder(dependencies, logger),
  ];
  onStop('timers', async () => void (await Promise.all(timers.map((timer) => timer.stop()))));

  const subgraph = await startSubgraph({
    name: 'order',
    host: config.HOST,
    port: config.ORDER_PORT,
    logger,
    typeDefs: readFileSync('subgraphs/order/schema.graphql', 'utf8'),
    resolvers,
    verifyToken: createInternalTokenVerifier({ jwks: config.INTERNAL_TOKEN_JWKS, audience: 'order' }),
    createContext: createContextFactory(dependencies),
    readiness: { database: () => database.ping() },
    waits: { broker: () => broker.requireConnected() },
    isUnavailable: isTransientDatabaseError,
  });
  onStop('http', () => subgraph.close());
});
