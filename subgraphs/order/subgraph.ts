import { describeService } from '@shop/contracts';
import { defineSubgraph, limitConnections, type SubgraphResources } from '@shop/subgraph';
import { readConfig } from './src/config.ts';
import { createContext } from './src/context.ts';
import { openDatabase, type Database } from './src/db/database.ts';
import { gauges } from './src/db/gauges.ts';
import { countOverdue } from './src/db/overdue.ts';
import { createEmailQuestion } from './src/events/ask-accounts.ts';
import { createProductQuestion } from './src/events/ask-products.ts';
import { answers } from './src/events/answer.ts';
import { createHandlers } from './src/events/consume.ts';
import { jobs } from './src/jobs/jobs.ts';
import { guardProvider } from './src/payments/guarded-provider.ts';
import { createSimulatedProvider } from './src/payments/simulated-provider.ts';
import { resolvers } from './src/resolvers/index.ts';
import { preloadOrders } from './src/resolvers/Order.ts';
import { measureChanges } from './src/telemetry/measure-changes.ts';

type Resources = SubgraphResources<Database, ReturnType<typeof readConfig>>;

/** Connections of the simulated payment provider. */
const PROVIDER_CONNECTIONS = 10;

function createDependencies({ config, database, databaseUrl, broker, metrics, logger, onStop }: Resources) {
  measureChanges(metrics, database);
  // Simulates an external company: it shares the database, but neither connections nor transactions.
  const providerDatabase = openDatabase(limitConnections(databaseUrl, PROVIDER_CONNECTIONS));
  onStop('payment provider', () => providerDatabase.close());
  return {
    askForProducts: createProductQuestion(broker),
    ...(config.requireVerifiedEmail ? { askForEmail: createEmailQuestion(broker) } : {}),
    payments: guardProvider(createSimulatedProvider(providerDatabase), logger),
    ...config,
  };
}

export const order = defineSubgraph({
  service: describeService('order'),
  schema: 'subgraphs/order/schema.graphql',
  resolvers,
  preloads: { Order: preloadOrders },
  openDatabase,
  furtherConnections: PROVIDER_CONNECTIONS,
  readConfig,
  createDependencies,
  createContext,
  createHandlers,
  answers,
  jobs,
  countOverdue,
  gauges,
});
