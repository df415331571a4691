import { describeService } from '@shop/contracts';
import { defineSubgraph } from '@shop/subgraph';
import { createContext } from './src/context.ts';
import { openDatabase, settings } from './src/db/database.ts';
import { gauges } from './src/db/gauges.ts';
import { answers } from './src/events/answer.ts';
import { createHandlers } from './src/events/consume.ts';
import { resolvers } from './src/resolvers/index.ts';

export const product = defineSubgraph({
  service: describeService('product'),
  schema: 'subgraphs/product/schema.graphql',
  resolvers,
  openDatabase,
  databaseSettings: settings,
  createContext,
  createHandlers,
  answers,
  gauges,
});
