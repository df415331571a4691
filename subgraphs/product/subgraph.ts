import { describeService } from '@shop/contracts';
import { defineSubgraph } from '@shop/subgraph';
import { createContext } from './src/context.ts';
import { openDatabase, settings } from './src/db/database.ts';
import { gauges } from './src/db/gauges.ts';
import { answers } from './src/events/answer.ts';
import { createHandlers } from './src/events/consume.ts';
import { jobs } from './src/jobs/jobs.ts';
import { resolvers } from './src/resolvers/index.ts';
import { preloadProducts } from './src/resolvers/Product.ts';

export const product = defineSubgraph({
  service: describeService('product'),
  schema: 'subgraphs/product/schema.graphql',
  resolvers,
  preloads: { Product: preloadProducts },
  openDatabase,
  databaseSettings: settings,
  createContext,
  createHandlers,
  answers,
  jobs,
  gauges,
});
