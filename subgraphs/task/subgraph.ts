import { describeService } from '@shop/contracts';
import { defineSubgraph, type SubgraphResources } from '@shop/subgraph';
import { readConfig } from './src/config.ts';
import { createContext } from './src/context.ts';
import { openDatabase, type Database } from './src/db/database.ts';
import { createAccountQuestion, createProductQuestion } from './src/events/ask.ts';
import { createHandlers } from './src/events/consume.ts';
import { jobs } from './src/jobs/jobs.ts';
import { resolvers } from './src/resolvers/index.ts';
import { countOverdue } from './src/use-cases/count-overdue.ts';

type Resources = SubgraphResources<Database, ReturnType<typeof readConfig>>;

function createDependencies({ config, broker }: Resources) {
  return {
    isActiveAccount: createAccountQuestion(broker),
    askForProducts: createProductQuestion(broker),
    shopTasks: config,
  };
}

export const task = defineSubgraph({
  service: describeService('task'),
  schema: 'subgraphs/task/schema.graphql',
  resolvers,
  openDatabase,
  readConfig,
  createDependencies,
  createContext,
  createHandlers,
  // Nobody waits for this service, and what others do for an order goes first.
  gatherEventsMs: 100,
  jobs,
  countOverdue,
});
