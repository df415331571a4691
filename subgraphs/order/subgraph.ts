import { describeService } from '@shop/contracts';
import { fields, loadConfig } from '@shop/process';
import { defineSubgraph, type SubgraphResources } from '@shop/subgraph';
import { createContext } from './src/context.ts';
import { openDatabase, type Database } from './src/db/database.ts';
import { countOverdue } from './src/db/overdue.ts';
import { createProductQuestion } from './src/events/ask-products.ts';
import { createHandlers } from './src/events/consume.ts';
import { jobs } from './src/jobs/jobs.ts';
import { guardProvider } from './src/payments/guarded-provider.ts';
import { createSimulatedProvider } from './src/payments/simulated-provider.ts';
import { resolvers } from './src/resolvers/index.ts';

const readConfig = (env: NodeJS.ProcessEnv) =>
  loadConfig('order', { RESERVATION_SECONDS: fields.integer(900, 1, 2_592_000) }, env);

type Resources = SubgraphResources<Database, ReturnType<typeof readConfig>>;

function createDependencies({ config, databaseUrl, broker, logger, onStop }: Resources) {
  // Simulates an external company: it shares the database, but neither connections nor transactions.
  const providerDatabase = openDatabase(databaseUrl);
  onStop('payment provider', () => providerDatabase.close());
  return {
    askForProducts: createProductQuestion(broker),
    payments: guardProvider(createSimulatedProvider(providerDatabase), logger),
    reservationSeconds: config.RESERVATION_SECONDS,
  };
}

export const order = defineSubgraph({
  service: describeService('order'),
  schema: 'subgraphs/order/schema.graphql',
  resolvers,
  openDatabase,
  readConfig,
  createDependencies,
  createContext,
  createHandlers,
  jobs,
  countOverdue,
});
