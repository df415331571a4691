import { describeService } from '@shop/contracts';
import { defineSubgraph } from '@shop/subgraph';
import { createContext } from './src/context.ts';
import { openDatabase } from './src/db/database.ts';
import { answers } from './src/events/answer.ts';
import { createHandlers } from './src/events/consume.ts';
import { resolvers } from './src/resolvers/index.ts';

export const product = defineSubgraph({
  service: describeService('product'),
  schema: 'subgraphs/product/schema.graphql',
  resolvers,
  openDatabase,
  createContext,
  createHandlers,
  answers,
});
